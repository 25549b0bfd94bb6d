package import StraitConsumers
import StraitLayers
package import StraitTesting
import StraitWebSocket

/// A consumer that notes the events of one life in ``Life/room`` and ``Life/people``.
package final class LifeObserver: WebSocketConsumer {
    /// The key that joins last, so that an observer knows that no more changes of the presence follow.
    package static let end = "end"

    private var name = ""
    private var journal = Journal()

    package convenience init(of name: String, _ journal: Journal) {
        self.init()
        self.name = name
        self.journal = journal
    }

    package override func connect() async throws {
        let (name, journal) = (name, journal)
        try await join(Life.room) { _, message in
            let word = message.text ?? ""
            if word.hasPrefix(name + " ") { journal.note("observed word \(word.dropFirst(name.count + 1))") }
        }
        try await follow(Life.people) { _, change in
            guard case .diff(let diff) = change else { return }
            if diff.joins[name] != nil { journal.note("observed joined") }
            if diff.leaves[name] != nil { journal.note("observed left") }
            if diff.joins[Self.end] != nil { journal.note("observed end") }
        }
        accept()
    }
}
