import StraitCore
import Testing

@testable import StraitJSON

/// The error that the document is rejected with, or an empty string if it is accepted.
func refusal(_ bytes: Bytes, limits: JSONLimits = JSONLimits(), dialect: JSONDialect = .strict) -> String {
    do throws(JSONError) {
        _ = try JSONDocument(bytes, coder: JSONCoder(limits: limits), dialect: dialect)
        return ""
    } catch {
        return error.description
    }
}

@Suite struct `Documents by section of RFC 8259` {
    @Test func `there are more than 300 documents`() {
        #expect(DocumentCase.all.count > 300)
    }

    @Test(arguments: DocumentCase.all)
    func `a document is accepted, or rejected with an offset and a reason`(document: DocumentCase) {
        let text = refusal(document.bytes)
        guard let expected = document.refusal else { return #expect(text == "") }
        #expect(text.hasPrefix("Invalid JSON at offset ") && text.hasSuffix("."))
        #expect(text.contains(expected), "\(text)")
    }

    @Test(arguments: DocumentCase.all)
    func `a document in whitespace, in an array or in an object stays valid or invalid`(document: DocumentCase) {
        // Empty, truncated and non-UTF-8 documents are skipped.
        let text = String(decoding: document.bytes, as: UTF8.self)
        guard Bytes(text) == document.bytes, !text.isEmpty, document.section != "cut" else { return }
        #expect((refusal(Bytes(" \n\(text)\t ")) == "") == document.isValid)
        guard document.isValid else { return }
        #expect(refusal(Bytes("[\(text)]")) == "")
        #expect(refusal(Bytes("{\"k\":\(text)}")) == "")
    }

    static let places: [(String, String)] = [
        ("[1,2,x]", "[2]"), (#"{"a":{"b":x}}"#, "a.b"), (#"{"name":[1,2,{"age":01}]}"#, "name[2].age"), ("x", ""),
        (#"{"a":1,"b":[[],[x]]}"#, "b[1][0]"), (#"{"a":"b","c":x}"#, "c"), (#"{"a":"b" x}"#, "a"),
        (#"{"a":[1 x]}"#, "a[1]"),
        (#"{"a":{},"b":{"c":"d"}x}"#, "b"), (#"{"a":[{"k":"v"},x]}"#, "a[1]"), (#"{"\u0061":x}"#, "a"),
    ]

    @Test(arguments: places)
    func `an error has the path of the value that is being parsed`(text: String, path: String) throws {
        let error = #expect(throws: JSONError.self) { try JSONDocument(Bytes(text)) }
        #expect(error?.path == path)
    }

    @Test func `an error has its line and column`() throws {
        let text: Bytes = "{\n  \"a\": 1,\n}"
        let error = try #require(throws: JSONError.self) { try JSONDocument(text) }
        #expect(error.place(in: text) == (2, 9))
    }
}
