import Foundation
import Strait

/// The name under which a browser chats: a user's username, or the name that a visitor has chosen.
struct ChatName {
    let text: String
    /// Whether the name is that of a user who is logged in.
    let isUser: Bool

    static let taken = "This name belongs to a user. Log in, or choose another name."

    /// The user who is logged in; nil for a visitor, and on a site without users.
    static func user(of scope: Scope) async throws -> RequestUser? {
        guard scope.services.find(Accounts.self) != nil else { return nil }
        let user = try await scope.user
        return user.isAuthenticated ? user : nil
    }

    /// Whether a name is a user's, in upper or lower case. Characters that look the same count as the same.
    static func isTaken(_ name: String, _ services: Services) async throws -> Bool {
        guard let accounts = services.find(Accounts.self) else { return false }
        return try await accounts.isTaken(name.precomposedStringWithCompatibilityMapping)
    }

    /// Returns the name of a socket. A user's name comes from the login, never from the address.
    ///
    /// - Throws: `ChatNameError` for a visitor whose name is not allowed.
    static func of(_ scope: Scope) async throws -> ChatName {
        if let user = try await user(of: scope) { return ChatName(text: user.username, isUser: true) }
        guard let name = PersonName(scope.query["name"] ?? "") else {
            throw ChatNameError(description: PersonName.rule)
        }
        guard try await !isTaken(name.text, scope.services) else { throw ChatNameError(description: taken) }
        return ChatName(text: name.text, isUser: false)
    }
}

/// A reason why a visitor may not use a name.
struct ChatNameError: Error, CustomStringConvertible {
    let description: String
}
