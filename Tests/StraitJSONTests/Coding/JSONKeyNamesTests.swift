import StraitCore
import StraitTesting
import Testing

@testable import StraitJSON

private struct Profile: Codable, Equatable {
    var fullName: String
    var imageURL: String
    var x2Value: Int
    var plain: Int
    var byName: [String: Int]
    var kind: Kind

    enum Kind: Codable, Equatable {
        case newUser(firstName: String)
        case oldUser
    }
}

@Suite struct `Keys in snake case` {
    private let coder = JSONCoder(keys: .snakeCase)

    @Test(arguments: [
        ("fullName", "full_name"), ("imageURL", "image_url"), ("URLPath", "url_path"), ("myURLPath", "my_url_path"),
        ("a", "a"),
        ("A", "a"), ("already_there", "already_there"), ("_private", "_private"), ("_0", "_0"), ("x2Value", "x2_value"),
        ("isHTTP2", "is_http2"), ("größeÄndern", "größe_ändern"), ("", ""), ("ID", "id"), ("aB", "a_b"),
        ("chat.said", "chat.said"),
    ])
    func `a name is converted to lowercase words with underscores`(name: String, snake: String) {
        #expect(JSONKeyNames.snakeCase(name) == snake)
    }

    @Test func `a type name of combining marks and underscores is decoded in linear time (Unicode UAX 15)`() {
        enum Command: Codable { case join(name: String) }
        let coder = JSONCoder(enums: .tagged, keys: .snakeCase)
        let marks = String(repeating: "\u{301}\u{323}", count: 15)
        let growth = TimeGrowth.smallest(from: 64 << 10) { size in
            let name = "join" + String(repeating: marks + "_", count: size / 61)
            return Bytes("{\"type\":\"\(name)\"}")
        } _: { document in
            _ = try? coder.decode(Command.self, from: document)
        }
        #expect(growth < 2.5)
    }

    @Test func `snake case applies to encoding and decoding, but not to dictionary keys`() throws {
        let profile = Profile(
            fullName: "A", imageURL: "u", x2Value: 1, plain: 2, byName: ["someKey": 3], kind: .newUser(firstName: "F"))
        let text =
            #"{"full_name":"A","image_url":"u","x2_value":1,"plain":2,"by_name":{"someKey":3},"#
            + #""kind":{"new_user":{"first_name":"F"}}}"#
        #expect(try written(profile, coder) == text)
        #expect(try read(Profile.self, text, coder) == profile)
    }

    @Test func `a message's type is in snake case too`() throws {
        let coder = JSONCoder(enums: .tagged, keys: .snakeCase)
        let text = #"{"type":"new_user","first_name":"F"}"#
        #expect(try written(Profile.Kind.newUser(firstName: "F"), coder) == text)
        #expect(try read(Profile.Kind.self, text, coder) == .newUser(firstName: "F"))
        #expect(throws: UnknownMessageType(type: "newUser")) {
            try read(Profile.Kind.self, #"{"type":"newUser"}"#, coder)
        }
    }

    @Test func `a key with an acronym is found if its CodingKeys are CaseIterable`() throws {
        enum Event: Codable, Equatable {
            case openURL(String)
            enum CodingKeys: CodingKey, CaseIterable { case openURL }
        }
        let coder = JSONCoder(enums: .tagged, keys: .snakeCase)
        #expect(try written(Event.openURL("u"), coder) == #"{"type":"open_url","value":"u"}"#)
        #expect(try read(Event.self, #"{"type":"open_url","value":"u"}"#, coder) == .openURL("u"))
    }

    @Test func `an error names the key in snake case, as in the document`() {
        let error = #expect(throws: DecodingError.self) { try read(Profile.self, "{}", coder) }
        #expect(error.flatMap { JSONError($0) }?.description == "Missing 'full_name' at offset 0.")
    }
}
