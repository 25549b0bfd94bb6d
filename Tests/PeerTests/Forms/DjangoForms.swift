import Foundation

/// What Django makes of a corpus: `Tests/Peers/django/forms.py`.
enum DjangoForms {
    /// A corpus of `Tests/Peers/forms`.
    static func corpus<Case: Decodable>(_ kind: String, of type: Case.Type = Case.self) throws -> Case {
        try JSONDecoder().decode(
            Case.self, from: Data(contentsOf: URL(fileURLWithPath: Checkout.peer("forms/\(kind).json"))))
    }

    /// What Django makes of it.
    static func results<Result: Decodable>(_ kind: String, of type: Result.Type = Result.self) async throws -> Result {
        try await results(kind, at: Checkout.peer("forms/\(kind).json"))
    }

    /// What Django makes of what was written to `path`.
    static func results<Result: Decodable>(
        _ kind: String, at path: String, of type: Result.Type = Result.self
    ) async throws -> Result {
        let output = try await Peer.run(Checkout.python, ["-B", Checkout.peer("django/forms.py"), kind, path])
        guard let line = output.split(separator: "\n").first(where: { $0.hasPrefix("RESULT ") }) else {
            throw PeerError("forms.py said nothing but:\n\(output)")
        }
        return try JSONDecoder().decode(Result.self, from: Data(line.dropFirst(7).utf8))
    }
}
