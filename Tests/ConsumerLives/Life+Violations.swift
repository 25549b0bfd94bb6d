/// The model: a sequential consumer, whose life only a loss can cut short.
extension Life {
    /// The surroundings of a life.
    package enum Place: Sendable {
        /// A channel layer in memory, with an observer on the same server.
        case memory
        /// A channel layer in Redis, whose connections may break, with an observer in another process.
        case redis
    }

    /// Whether a message may be cut: the client was lost, or did not answer the close frame of a server that stopped.
    private var isLoss: Bool { ending == .leaves || ending == .resets || ending == .serverStops }

    /// Every rule that the journal of a finished life breaks.
    package func violations(in journal: [String], place: Place) -> [String] {
        let lines = journal.filter { !$0.hasPrefix("observed") }
        return violations(ofHandling: lines, place: place) + violations(ofLeaving: journal, lines, place: place)
    }

    private func handled(_ lines: [String]) -> [String] {
        lines.filter { $0.hasPrefix("receive ") }.map { String($0.dropFirst(8)) }
    }

    private func violations(ofHandling lines: [String], place: Place) -> [String] {
        let handled = handled(lines)
        let failed =
            connecting == .failsBefore || connecting == .failsBehindAccept || lines.contains("connect failed")
        let isRefused = failed || connecting == .closes
        var broken: [String] = []
        func check(_ holds: Bool, _ rule: String) { if !holds { broken.append(rule) } }

        check(handled == Array(messages.prefix(handled.count)), "messages are handled in order")
        check(lines.first == "connect" && lines.count { $0 == "connect" } == 1, "connect comes first, once")
        check(
            lines.count { $0.hasPrefix("disconnect") } == 1 && lines.last!.hasPrefix("disconnect"),
            "disconnect comes last, once")
        for text in handled {
            let begin = lines.firstIndex(of: "receive \(text)")!
            let next = lines.dropFirst(begin + 1).first
            let hasEnded = next == "done \(text)" || next == "failed \(text)" && place == .redis
            check(hasEnded || isLoss && lines.contains("cut \(text)"), "\(text) is handled to its end")
        }
        check(isLoss || !lines.contains { $0.hasPrefix("cut") }, "only a loss cuts")
        if isRefused {
            check(handled.isEmpty, "a consumer that is not connected receives nothing")
        } else if let first = lines.firstIndex(where: { $0.hasPrefix("receive") }) {
            check(lines[..<first].contains("connected"), "the consumer is connected before it receives")
        }
        // The client's close comes after all that it sent, unless the consumer ended itself.
        let last = messages.firstIndex { $0.hasPrefix("e") || $0.hasPrefix("c") }
        if !isLoss, !isRefused {
            check(
                handled == last.map { Array(messages[...$0]) } ?? messages, "all messages before the close are handled")
        }
        if !isRefused, last == nil, ending == .closes || ending == .closesAndLeaves {
            check(lines.last == "disconnect 4001 bye", "disconnect has the client's close")
        }
        return broken
    }

    private func violations(ofLeaving journal: [String], _ lines: [String], place: Place) -> [String] {
        var broken: [String] = []
        func check(_ holds: Bool, _ rule: String) { if !holds { broken.append(rule) } }

        let isDone = { (text: String) in lines.contains("done \(text)") }
        let words = journal.filter { $0.hasPrefix("observed word ") }.map { String($0.dropFirst(14)) }
        // A consumer whose tracking failed may have been tracked for a moment.
        let hasFailed = lines.contains { $0 == "connect failed" || $0.hasPrefix("failed t") }
        if let left = journal.lastIndex(of: "observed left"), !hasFailed {
            // Redis sends words and presence on different connections, so their order is known where they are sent.
            let after = journal[left...].filter {
                $0.hasPrefix("observed") ? place == .memory && $0.hasPrefix("observed word") : !$0.hasPrefix("disc")
            }
            check(after.isEmpty, "nothing happens after the consumer has left")
        }
        // The observer of a server that stops is closed with it.
        if place == .memory, ending == .serverStops { return broken }

        // A word whose sending failed or was cut may have been sent.
        let heard = handled(lines).filter { $0.hasPrefix("g") && (isDone($0) || place == .redis && words.contains($0)) }
        check(words == heard, "the observer hears every word once, in order: \(heard)")
        let presence = journal.last { $0 == "observed joined" || $0 == "observed left" }
        check(presence != "observed joined", "the observer hears that the consumer has left")
        if handled(lines).contains(where: { $0.hasPrefix("t") && isDone($0) }) {
            check(presence == "observed left", "the observer hears of a tracked consumer")
        }
        return broken
    }
}
