import StraitNetwork
import Testing

@testable import StraitJSON

/// The text of the error that the document is refused with, or an empty one if it is read.
func refusal(_ bytes: Bytes, limits: JSONLimits = JSONLimits(), dialect: JSONDialect = .strict) -> String {
    do throws(JSONError) {
        _ = try JSONDocument(bytes, coder: JSONCoder(limits: limits), dialect: dialect)
        return ""
    } catch {
        return error.description
    }
}

@Suite struct `Documents, section by section of RFC 8259` {
    @Test func `there are more than three hundred`() {
        #expect(DocumentCase.all.count > 300)
    }

    @Test(arguments: DocumentCase.all)
    func `a document is read, or refused with the place and the reason`(document: DocumentCase) {
        let text = refusal(document.bytes)
        guard let expected = document.refusal else { return #expect(text == "") }
        #expect(text.hasPrefix("Invalid JSON at offset ") && text.hasSuffix("."))
        #expect(text.contains(expected), "\(text)")
    }

    @Test(arguments: DocumentCase.all)
    func `spaces around a document and an array around it change nothing`(document: DocumentCase) {
        // A mark of the byte order has its own words.
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
    func `an error has the path of the value that is read`(text: String, path: String) throws {
        let error = #expect(throws: JSONError.self) { try JSONDocument(Bytes(text)) }
        #expect(error?.path == path)
    }

    @Test func `an error knows its line and column`() throws {
        let text: Bytes = "{\n  \"a\": 1,\n}"
        let error = try #require(throws: JSONError.self) { try JSONDocument(text) }
        #expect(error.place(in: text) == (2, 9))
    }
}
