public import StraitRouting
internal import Foundation
public import StraitWebSocket

public func path<C: Consumer>(_ path: String, _ consumer: C.Type, name: String? = nil) -> Route {
    Route(path: path, application: Endpoint.webSocket(ConsumerEndpoint { C() }), name: name)
}

open class JSONConsumer<Input: Decodable, Output: Encodable>: WebSocketConsumer {
    open nonisolated(nonsending) func receive(_ input: Input) async throws {}
    public func send(_ output: Output) {
        guard let data = try? JSONEncoder().encode(output) else { return }
        send(text: String(decoding: data, as: UTF8.self))
    }
    open override nonisolated(nonsending) func receive(_ message: Message) async throws {
        do {
            let input = try JSONDecoder().decode(Input.self, from: Data(message.payload))
            try await receive(input)
        } catch { send(text: #"{"type":"invalid","message":"stand-in"}"#) }
    }
}
