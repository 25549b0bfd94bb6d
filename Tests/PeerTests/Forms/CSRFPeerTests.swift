import Foundation
import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import StraitWeb
import Testing

/// Compares CSRF tokens with Django's, and both middlewares' responses to the same requests.
@Suite struct CSRFPeerTests {
    /// The values to combine.
    struct Matrix: Decodable {
        let method: [String]
        let secure: [Bool]
        let cookie: [String?]
        let field: [String?]
        let header: [String?]
        let origin: [String?]
        let referer: [String?]
    }

    @Test func `each request is accepted or rejected with the reason that Django gives`() async throws {
        let matrices = try DjangoForms.corpus("csrf", of: [Matrix].self)
        let theirs = try await DjangoForms.results("csrf", of: [[String]].self)
        var settings = CSRFSettings()
        settings.trustedOrigins = ["https://good.com", "https://*.wild.com", "https://port.com:8443"]
        let site = CSRFViewMiddleware(
            try URLRouter { path("") { _ in .text("ok") } }, settings: settings,
            failurePage: { _, failure in .text(failure.reason, status: .forbidden) })
        for (matrix, reasons) in zip(matrices, theirs) {
            var reasons = reasons[...]
            for method in matrix.method {
                for secure in matrix.secure {
                    for cookie in matrix.cookie {
                        for field in matrix.field {
                            for header in matrix.header {
                                for origin in matrix.origin {
                                    for referer in matrix.referer {
                                        let django = reasons.popFirst() ?? ""
                                        var fields: HTTPFields = [
                                            "Host": "testserver", "Content-Type": "application/x-www-form-urlencoded",
                                        ]
                                        fields["Cookie"] = cookie.map { "csrftoken=\($0)" }
                                        fields["X-CSRFToken"] = header
                                        fields["Origin"] = origin
                                        fields["Referer"] = referer
                                        let scope = Scope(
                                            method: HTTPMethod(rawValue: method), scheme: secure ? "https" : "http",
                                            path: "/", headers: fields)
                                        let body = Bytes(field.map { "csrfmiddlewaretoken=\($0)" } ?? "")
                                        let ours = try await reason(site, scope, body)
                                        // Django writes the header's name differently.
                                        #expect(
                                            ours.lowercased() == django.lowercased(),
                                            "\(method) \(fields) \(field ?? "")")
                                    }
                                }
                            }
                        }
                    }
                }
            }
            #expect(reasons.isEmpty)
        }
    }

    private func reason(_ site: any Application, _ scope: Scope, _ body: Bytes) async throws -> String {
        guard let resolution = try await site.resolve(scope), case .http(let handler) = resolution.endpoint else {
            return "nowhere"
        }
        let response = try await handler.respond(to: Request(scope: resolution.scope, body: RequestBody(body)))
        guard case .bytes(let bytes) = response.body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: Seeds(1))
    func `Django and Strait accept each other's tokens`(seed: UInt64) async throws {
        struct Case: Codable {
            var secret: String
            var token: String?
        }
        var generator = SeededGenerator(seed: seed)
        let secrets = (0..<50).map { _ in CSRFToken.makeSecret(using: &generator) }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("strait-tokens-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: path) }

        let ours = secrets.map { Case(secret: $0, token: CSRFToken.mask($0, using: &generator)) }
        let wrong = secrets.map { Case(secret: $0, token: CSRFToken.makeSecret(using: &generator)) }
        try JSONEncoder().encode(ours + wrong).write(to: path)
        let taken = try await DjangoForms.results("tokens", at: path.path, of: [Bool].self)
        #expect(taken == Array(repeating: true, count: 50) + Array(repeating: false, count: 50), "seed \(seed)")

        try JSONEncoder().encode(secrets.map { Case(secret: $0) }).write(to: path)
        let theirs = try await DjangoForms.results("tokens", at: path.path, of: [String].self)
        for (secret, token) in zip(secrets, theirs) { #expect(CSRFToken.matches(token, secret), "seed \(seed)") }
    }
}
