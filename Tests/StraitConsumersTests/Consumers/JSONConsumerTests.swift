import FoundationEssentials
import StraitConsumers
import StraitCore
import StraitJSON
import StraitLayers
import StraitTesting
import StraitWebSocket
import Testing

private struct Person: Codable {
    var name: String
    var age: UInt8?
    var tags: [String]?
}
private enum Command: Codable {
    case text(String)
    case person(Person)
    case typing
    case each(items: [Person])
}

private final class Chat: JSONConsumer<Command, Command> {
    override func receive(_ content: Command) async throws {
        if case .text("leave") = content { return close() }
        try send(content)
        if case .typing = content { try send(.text("typed")) }
    }
}

private final class Lenient: JSONConsumer<[String: Int], [String: String]> {
    override func receive(_ content: [String: Int]) async throws { try send(["sum": "\(content.values.reduce(0, +))"]) }
    override func receiveInvalid(_ error: JSONMessageError) async throws { try send(["error": error.description]) }
}

private struct Broken: Error {}

private final class OwnCoding: JSONConsumer<Int, Int> {
    override func decode(_ message: Message) throws -> Int {
        guard let number = Int(message.text ?? "") else { throw Broken() }
        return number
    }
    override func encode(_ content: Int) throws -> Message { .text("<\(content)>") }
    override func receive(_ content: Int) async throws { try send(content + 1) }
}

@Suite struct JSONConsumers {
    @Test func `an enum case is sent and received with its name as type (json_websocket_consumer)`() async {
        let script = await ConsumerScript { _ in Chat() }
        await script.begin()
        await script.deliver(#"{"type":"typing"}"#)
        #expect(script.lines[1] == #"send {"type":"typing"}"#)
        let data = Data(script.lines[2].dropFirst(5).utf8)
        #expect(try! JSONDecoder().decode([String: String].self, from: data) == ["type": "text", "value": "typed"])
        await script.deliver(#"{"type":"text","value":"leave"}"#)
        #expect(script.lines.last == "close 1000")
    }

    @Test(
        arguments: [
            (.text("{"), "close 1007 Invalid JSON at offset 1: the text ends where a key is expected."),
            (.text(#"{"age":3,}"#), "close 1007 Invalid JSON at offset 8: a trailing comma is not allowed."),
            (
                .text(#"{"a":"\q"}"#),
                #"close 1007 Invalid JSON at offset 6: \q is not a valid escape; write \\ for a backslash."#
            ),
            (
                .text("{\"a\":\"\n\"}"),
                #"close 1007 Invalid JSON at offset 6: a string may not contain a raw newline; write \n."#
            ),
            (
                .text(#"{"a":"\ud800"}"#),
                """
                close 1007 Invalid JSON at offset 6: a lone surrogate is not a character; write both halves of the \
                pair, or \\ufffd.
                """
            ),
            (
                .text(String(repeating: "[", count: 600)),
                "close 1007 JSON limit exceeded at offset 512: arrays and objects are nested more than 512 deep."
            ),
            (.text(""), "close 1007 Expected JSON; the message is empty."),
            (.binary([1]), "close 1003 Expected a text message with JSON, not a binary one."),
            (.text(#"{"type":"nope"}"#), "close 1007 Unknown message type 'nope'."),
            (.text(#"{"type":"nope","text":"hi"}"#), "close 1007 Unknown message type 'nope'."),
            (.text(#"{"type":7,"text":"hi"}"#), "close 1007 Expected a string at type (offset 8), not a number."),
            (.text(#"{"a":1}"#), "close 1007 Expected an object with the message's name as 'type'."),
            (.text("[]"), "close 1007 Expected an object at offset 0, not an array."),
            (.text(#"{"type":"text"}"#), "close 1007 Missing 'value' at offset 0."),
            (.text(#"{"type":"text","value":5}"#), "close 1007 Expected a string at value (offset 23), not a number."),
            (.text(#"{"type":"text","value":null}"#), "close 1007 Expected a string at value (offset 23), not null."),
            (.text(#"{"type":"person"}"#), "close 1007 Missing 'name' at offset 0."),
            (
                .text(#"{"type":"person","name":"a","age":"x"}"#),
                "close 1007 Expected a whole number at age (offset 34), not a string."
            ),
            (
                .text(#"{"type":"person","name":"a","age":300}"#),
                "close 1007 Expected a whole number from 0 to 255 at age (offset 34)."
            ),
            (
                .text(#"{"type":"person","name":"a","age":1.5}"#),
                "close 1007 Expected a whole number at age (offset 34), not a fraction."
            ),
            (
                .text(#"{"type":"person","name":"a","tags":[1]}"#),
                "close 1007 Expected a string at tags[0] (offset 36), not a number."
            ),
            (
                .text(#"{"type":"each","items":[{"name":"a"},{}]}"#),
                "close 1007 Missing 'name' at items[1] (offset 37)."
            ),
            (
                .text(#"{"type":"each","items":{}}"#),
                "close 1007 Expected an array at items (offset 23), not an object."
            ),
        ] as [(Message, String)])
    func `an unexpected message closes the WebSocket with a reason that says what was expected`(
        message: Message, line: String
    ) async {
        let script = await ConsumerScript { _ in Chat() }
        await script.begin()
        await script.deliver(message)
        #expect(script.lines == ["accept", line])
        // Logged at debug level, because clients could fill the log with it.
        #expect(script.log.lines.count == 1)
        #expect(script.log.lines[0].hasPrefix("debug Chat received an invalid message: "))
    }

    @Test func `a consumer can reply to an invalid message`() async {
        let script = await ConsumerScript { _ in Lenient() }
        await script.begin()
        await script.deliver(#"{"a":"x"}"#, #"{"a":1,"b":2}"#)
        #expect(
            script.lines == [
                "accept", #"send {"error":"Expected a whole number at a (offset 5), not a string."}"#,
                #"send {"sum":"3"}"#,
            ])
    }

    @Test func `a consumer can replace the coding, and errors of its own coding close with 1011`() async {
        let script = await ConsumerScript { _ in OwnCoding() }
        await script.begin()
        await script.deliver("4", "x")
        #expect(script.lines == ["accept", "send <5>", "close 1011 The server had an error."])
    }

    @Test func `the reason for an unknown type lists the known types if CodingKeys is CaseIterable`() async {
        enum Light: Codable {
            case on, off
            enum CodingKeys: CodingKey, CaseIterable { case on, off }
        }
        final class Switch: JSONConsumer<Light, Light> {}
        let script = await ConsumerScript { _ in Switch() }
        await script.begin()
        await script.deliver(#"{"type":"dim"}"#)
        #expect(script.lines.last == "close 1007 Unknown message type 'dim'. Known types: 'on', 'off'.")
    }

    @Test func `text and bytes that a consumer passes to receive() itself are decoded like messages`() async {
        final class Relay: JSONConsumer<Command, Command> {
            override func connect() async throws {
                accept()
                try await receive(text: #"{"type":"typing"}"#)
                try await receive(bytes: [1])
            }
            override func receive(_ content: Command) async throws { try send(content) }
        }
        let script = await ConsumerScript { _ in Relay() }
        await script.begin()
        #expect(
            script.lines == [
                "accept", #"send {"type":"typing"}"#,
                "close 1003 Expected a text message with JSON, not a binary one.",
            ])
    }

    @Test func `a consumer can receive bytes beside JSON, and pass on those that it does not expect`() async {
        final class Upload: JSONConsumer<Command, Command> {
            private var isOpen = false
            override func receive(_ content: Command) async throws { isOpen = true }
            override func receive(bytes: Bytes) async throws {
                guard isOpen else { return try await super.receive(bytes: bytes) }
                send(text: "\(bytes.count)")
            }
        }
        let script = await ConsumerScript { _ in Upload() }
        await script.begin()
        await script.deliver(#"{"type":"typing"}"#)
        await script.deliver(Message(binary: [1, 2]))
        #expect(script.lines == ["accept", "send 2"])
        let early = await ConsumerScript { _ in Upload() }
        await early.begin()
        await early.deliver(Message(binary: [1]))
        #expect(early.lines.last == "close 1003 Expected a text message with JSON, not a binary one.")
    }

    @Test func `a consumer that overrides no hook for its messages logs that it drops them`() async {
        final class Feed: JSONConsumer<JSONValue, Command> {}
        let script = await ConsumerScript { _ in Feed() }
        await script.begin()
        await script.deliver("{}", "{}")
        #expect(
            script.log.lines.filter { $0.contains("dropped") } == [
                "warning Feed dropped a JSON message. Override receive(_ content:) to receive such messages. path=/ws/"
            ])
    }

    @Test func `a consumer can use snake-case keys`() async {
        struct Profile: Codable { var fullName: String }
        final class Snake: JSONConsumer<Profile, Profile> {
            override var coder: JSONCoder { .snakeCaseMessages }
            override func receive(_ content: Profile) async throws { try send(content) }
        }
        let script = await ConsumerScript { _ in Snake() }
        await script.begin()
        await script.deliver(#"{"full_name":"Ann"}"#)
        #expect(script.lines.last == #"send {"full_name":"Ann"}"#)
    }

    @Test func `a group's events are encoded with the consumer's coder`() async throws {
        enum Event: Codable, Sendable, CaseIterable {
            case newPhoto(imageURL: String)
            static var allCases: [Event] { [] }
        }
        struct Renamed: ChannelMessage {
            static let type = "photo.renamed"
            var newName: String
        }
        final class Snake: JSONConsumer<Event, Event> {
            override var coder: JSONCoder { .snakeCaseMessages }
            override func connect() async throws {
                try await join(Group<Event>("photos"))
                try await join(Group<Renamed>("names"))
                accept()
            }
        }
        let script = await ConsumerScript { _ in Snake() }
        await script.begin()
        try await script.send(.newPhoto(imageURL: "/a"), to: Group<Event>("photos"))
        try await script.send(Renamed(newName: "tea"), to: Group<Renamed>("names"))
        #expect(
            script.lines == [
                "accept", #"send {"type":"new_photo","image_url":"/a"}"#,
                #"send {"type":"photo.renamed","new_name":"tea"}"#,
            ])
    }

    @Test func `any consumer can choose the coder of the JSON that it sends and of a group's events`() async throws {
        struct Saved: Codable, Sendable { var fileName: String }
        enum Event: Codable, Sendable { case newPhoto(url: String) }
        final class Snake: WebSocketConsumer {
            override var coder: JSONCoder { .snakeCaseMessages }
            override func connect() async throws {
                try await join(Group<Event>("photos"))
                accept()
                try send(json: Saved(fileName: "a"))
            }
        }
        let script = await ConsumerScript { _ in Snake() }
        await script.begin()
        try await script.send(.newPhoto(url: "/a"), to: Group<Event>("photos"))
        #expect(
            script.lines == [
                "accept", #"send {"file_name":"a"}"#, #"send {"type":"new_photo","url":"/a"}"#,
            ])
    }

    @Test func `a consumer that is not a JSONConsumer can send JSON, too`() async {
        let script = await ConsumerScript { consumer in
            consumer.onConnect = { consumer in
                consumer.accept()
                try consumer.send(json: ["saved": 3])
            }
        }
        await script.begin()
        #expect(script.lines.suffix(2) == ["accept", #"send {"saved":3}"#])
    }

    @Test func `a long run of combining marks is rejected`() async {
        let marks = String(repeating: "\u{301}\u{327}", count: 2 << 10)
        for text in [#"{"a\#(marks)":1}"#, #"{"type":"a\#(marks)"}"#, #"{"type":"text","value":"a\#(marks)"}"#] {
            let script = await ConsumerScript { _ in Chat() }
            await script.begin()
            await script.deliver(.text(text))
            let line = script.lines.last ?? ""
            #expect(line.contains("a text has more than 30 combining marks in a row"), "\(line.prefix(200))")
        }
    }

    @Test func `an error's text is shortened to fit in a close frame`() async {
        let long = String(repeating: "ä", count: 500)
        let script = await ConsumerScript { _ in Lenient() }
        await script.begin()
        await script.deliver(#"{"\#(long)":"x"}"#)
        #expect(script.lines[1].contains("Expected a whole number at ää"))
        #expect(JSONMessageError(.wrongShape, long).description.utf8.count <= 123)
        #expect(JSONMessageError(.wrongShape, "a", debugDescription: "b").debugDescription == "b")
    }
}
