package import StraitConsumers
// For the clock's `sleep(for:)`, which stays on the loop, unlike the standard library's.
import StraitCore
import StraitLayers
package import StraitTesting
package import StraitWebSocket

/// The consumer of a ``Life``. It notes the start of each hook, and the result of each message: `done`, `failed` if the
/// channel layer could not be reached, or `cut` if the handler was cancelled.
package final class LifeConsumer: WebSocketConsumer {
    private struct Oops: Error {}

    private var life = Life(seed: 0)
    private var journal = Journal()

    package convenience init(_ life: Life, _ journal: Journal) {
        self.init()
        self.life = life
        self.journal = journal
    }

    package override func connect() async throws {
        journal.note("connect")
        switch life.connecting {
        case .accepts: accept()
        case .waitsAndAccepts:
            try await sleep(1_000)
            accept()
        case .acceptsAndWaits:
            accept()
            try await sleep(1_000)
            do {
                try await track(Life.people, as: life.name, "here")
            } catch let error as LayerError {
                journal.note("connect failed")
                throw error
            }
        case .failsBehindAccept:
            accept()
            try await sleep(500)
            throw Oops()
        case .failsBefore: throw Oops()
        case .closes: return close()
        }
        journal.note("connected")
    }

    package override func receive(_ message: Message) async throws {
        let text = message.text ?? ""
        journal.note("receive \(text)")
        do {
            try await handle(text)
            journal.note("done \(text)")
        } catch is Oops {
            journal.note("done \(text)")
            throw Oops()
        } catch is LayerError {
            journal.note("failed \(text)")
        } catch {
            journal.note("cut \(text)")
            throw error
        }
    }

    package override func disconnect(_ close: Close) async throws {
        journal.note(
            "disconnect \(close.code)" + (close.reason.isEmpty ? "" : " \(close.reason)")
                + (close.wasClean ? "" : " unclean"))
    }

    private func handle(_ text: String) async throws {
        switch text.utf8.first {
        case UInt8(ascii: "s"): try await sleep(700)
        case UInt8(ascii: "j"):
            try await join(Life.room)
            try await sleep(100)
        case UInt8(ascii: "t"):
            try await sleep(100)
            try await track(Life.people, as: life.name, "here")
        case UInt8(ascii: "g"): try await groupSend(Life.room, Message(text: "\(life.name) \(text)"), except: self)
        case UInt8(ascii: "e"): throw Oops()
        case UInt8(ascii: "c"): close(4000)
        default: send(text: text)
        }
    }

    private func sleep(_ units: Int) async throws {
        try await clock.sleep(for: life.unit * units)
    }
}
