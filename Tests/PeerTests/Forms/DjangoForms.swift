import Foundation

/// Django's results for a corpus, from `Tests/Peers/django/forms.py`.
enum DjangoForms {
    /// Reads a corpus of `Tests/Peers/forms`.
    static func corpus<Case: Decodable>(_ kind: String, of type: Case.Type = Case.self) throws -> Case {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            Case.self, from: Data(contentsOf: URL(fileURLWithPath: Checkout.peer("forms/\(kind).json"))))
    }

    private static let kinds = ["bodies", "cookies", "csrf", "fields", "pages"]

    /// Django's results for all corpora, from one process.
    private static let all = Task { try await run(kinds.map { ($0, Checkout.peer("forms/\($0).json")) }) }

    /// Returns Django's results for a corpus.
    static func results<Result: Decodable>(_ kind: String, of type: Result.Type = Result.self) async throws -> Result {
        try read(kind, from: try await all.value)
    }

    /// Returns Django's results for the file at `path`.
    static func results<Result: Decodable>(
        _ kind: String, at path: String, of type: Result.Type = Result.self
    ) async throws -> Result {
        try read(kind, from: try await run([(kind, path)]))
    }

    private static func run(_ work: [(kind: String, path: String)]) async throws -> String {
        try await Peer.run(
            Checkout.python, ["-B", Checkout.peer("django/forms.py")] + work.flatMap { [$0.kind, $0.path] })
    }

    private static func read<Result: Decodable>(_ kind: String, from output: String) throws -> Result {
        let start = "RESULT \(kind) "
        guard let line = output.split(separator: "\n").first(where: { $0.hasPrefix(start) }) else {
            throw PeerError("forms.py printed no result for \(kind). It printed:\n\(output)")
        }
        return try JSONDecoder().decode(Result.self, from: Data(line.dropFirst(start.utf8.count).utf8))
    }
}
