import Foundation
import PostgresServers
import StraitCore
import StraitDatabase
import StraitModels
import TestFolders
import Testing

/// Rows with extreme values that Django and we write, read by both.
@Suite struct `Values beside Django` {
    @Test func `each side reads the values of the other in SQLite`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/kinds.db"
            try await Peer.python("django/kinds.py", "create", path)
            let database = Database(sqlite: path)
            try await compare(database, path)
            await database.stop()
        }
    }

    @Test func `each side reads the values of the other in PostgreSQL`() async throws {
        let server = try await PostgresServer.shared
        let url = server.url(try await server.makeDatabase())
        try await Peer.python("django/kinds.py", "create", url)
        let database = try Database(url: url)
        try await compare(database, url)
        await database.stop()
    }

    private func compare(_ database: Database, _ name: String) async throws {
        for draft in Kind.Draft.extremes {
            let stored = try await database.create(draft)
            #expect(Self.text(stored).dropFirst() == Self.text(draft)[...])
        }
        let output = try await Peer.python("django/kinds.py", "read", name)
        let django = try JSONDecoder().decode([[String]].self, from: Data(output.utf8))
        let ours = try await Kind.objects.order { [$0.id.ascending] }.all(in: database).map(Self.text)
        #expect(django.count == 8 && ours.count == 8)
        for (left, right) in zip(ours, django) {
            for (index, field) in Kind.table.fields.enumerated() {
                #expect(left[index] == right[index], "\(field.name)")
            }
        }
    }

    /// The ID and the values. The macro adds the ID after the declared properties.
    private static func text(_ kind: Kind) -> [String] {
        ["\(kind.id)"] + Mirror(reflecting: kind).children.dropLast().map { text($0.value) }
    }

    /// The values of a draft as they are stored.
    private static func text(_ draft: Kind.Draft) -> [String] {
        var draft = draft
        if draft.price == Decimal(string: "0.0625") { draft.price = known(Decimal(string: "0.062")) }
        return Mirror(reflecting: draft).children.map { text($0.value) }
    }

    private static func text(_ value: Any) -> String {
        switch value {
        case let value as Double: return String(format: "%.17g", value)
        case let value as Bytes: return value.hexadecimal
        case let value as UUID: return value.uuidString.lowercased()
        case let value as Date:
            guard case .text(let text)? = try? value.databaseValue(for: .postgreSQL) else { return "no date" }
            return text
        case let value as Duration:
            let (seconds, attoseconds) = value.components
            return "\(seconds * 1_000_000 + attoseconds / 1_000_000_000_000)"
        case let value as [String: [Int]]:
            let items = value.sorted { $0.key < $1.key }.map { key, numbers in
                "\"\(key.replacing("\"", with: "\\\""))\":\(numbers)".replacing(", ", with: ",")
            }
            return "{\(items.joined(separator: ","))}"
        case let value as Status: return value.rawValue
        case let value as Level: return "\(value.rawValue)"
        case let value as StoredFile: return value.name
        case let value as StoredImage: return value.name
        default: break
        }
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional { return mirror.children.first.map { text($0.value) } ?? "null" }
        return "\(value)"
    }
}
