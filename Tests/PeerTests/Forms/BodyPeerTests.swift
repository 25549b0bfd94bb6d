import Foundation
import StraitCore
import StraitForms
import StraitHTTP
import StraitRouting
import StraitWeb
import Testing

/// Compares the parsing of bodies and cookies with Django 5.2.
@Suite struct BodyPeerTests {
    struct Body: Decodable {
        let name: String
        let type: String
        var body: String?
        var hex: String?
        var each: String?
        var times: Int?
        var tail: String?
        /// Strait's result, if it differs from Django's.
        var strait: Outcome?
        /// The keyword of the explanation in `Documentation/Forms.md`.
        var why: String?

        var bytes: Bytes {
            if let hex { return PeerTests.bytes(hex) }
            let many = (0..<(times ?? 0)).map { (each ?? "").replacingOccurrences(of: "#", with: "\($0)") }.joined()
            return Bytes((body ?? "") + many + (tail ?? ""))
        }
    }

    /// Fields and files, or an error.
    enum Outcome: Decodable, Equatable {
        case form(fields: [[String]], files: [[String]])
        case error

        private enum Key: CodingKey { case fields, files }

        init(from decoder: any Decoder) throws {
            guard let container = try? decoder.container(keyedBy: Key.self),
                let fields = try? container.decode([[String]].self, forKey: .fields)
            else {
                self = .error
                return
            }
            // Django groups fields by their names.
            self = .form(
                fields: fields, files: try container.decode([[String]].self, forKey: .files))
        }
    }

    private func outcome(_ body: Body) async throws -> Outcome {
        let request = Request(
            scope: Scope(method: .post, path: "/", headers: ["content-type": body.type]), body: RequestBody(body.bytes))
        do {
            let form = try await request.form()
            var names: [String] = []
            for item in form.fields.items where !names.contains(where: { $0.utf8.elementsEqual(item.name.utf8) }) {
                names.append(item.name)
            }
            let fields = names.flatMap { name in form.values(of: name).map { [name, $0] } }
            var files: [[String]] = []
            for file in form.files {
                let latin = String(
                    String.UnicodeScalarView(try await file.collect(upTo: .max).map { Unicode.Scalar($0) }))
                files.append([file.name, file.filename, file.contentType?.rawValue ?? "", latin])
            }
            return .form(fields: fields, files: files)
        } catch let error as FormError {
            #expect(error.status.code < 500, "\(error)")
            return .error
        }
    }

    @Test func `a body is parsed as in Django, except for documented differences`() async throws {
        let bodies = try DjangoForms.corpus("bodies", of: [Body].self)
        let theirs = try await DjangoForms.results("bodies", of: [Outcome].self)
        #expect(bodies.count == theirs.count && bodies.count > 100)
        let page = try String(contentsOfFile: Checkout.file("Documentation/Forms.md"), encoding: .utf8)
        for (body, django) in zip(bodies, theirs) {
            let ours = try await outcome(body)
            if let expected = body.strait {
                #expect(ours == expected, "\(body.name)")
                #expect(ours != django, "\(body.name): the difference is gone")
                #expect(page.contains("*\(body.why ?? "")*"), "\(body.name) is not documented")
            } else {
                #expect(ours == django, "\(body.name)")
            }
        }
    }

    @Test func `a Cookie header is parsed as in Django`() async throws {
        let headers = try DjangoForms.corpus("cookies", of: [String].self)
        let theirs = try await DjangoForms.results("cookies", of: [[String: String]].self)
        for (header, django) in zip(headers, theirs) {
            #expect(Cookie.parse(header) == django, "\(header.debugDescription)")
        }
    }
}
