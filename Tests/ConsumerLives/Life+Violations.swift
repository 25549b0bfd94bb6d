/// The model: a consumer that handles messages one at a time, and whose handlers only a lost connection can cancel.
extension Life {
    /// The channel layer and the observer of a life.
    package enum Place: Sendable {
        /// A channel layer in memory, with an observer on the same server.
        case memory
        /// A channel layer in Redis, whose connections may break, with an observer in another process.
        case redis
    }

    /// Whether a handler may be cancelled: the client was lost, or did not answer the close frame of a stopping server.
    private var isLoss: Bool { ending == .leaves || ending == .resets || ending == .serverStops }

    /// Returns the rules that the journal of a finished life breaks.
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
            lines.count { $0.hasPrefix("disconnect") } == 1 && lines.last?.hasPrefix("disconnect") == true,
            "disconnect comes last, once")
        for text in handled {
            let rest = lines.drop { $0 != "receive \(text)" }
            let next = rest.dropFirst().first
            let hasEnded = next == "done \(text)" || next == "failed \(text)" && place == .redis
            check(hasEnded || isLoss && lines.contains("cut \(text)"), "\(text) is handled to its end")
        }
        check(isLoss || !lines.contains { $0.hasPrefix("cut") }, "only a lost connection cancels a handler")
        if isRefused {
            check(handled.isEmpty, "a consumer that is not connected receives nothing")
        } else if let first = lines.firstIndex(where: { $0.hasPrefix("receive") }) {
            check(lines[..<first].contains("connected"), "the consumer is connected before it receives")
        }
        // The client's close arrives after all its messages, unless the consumer closes or fails first.
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
            // With Redis, words and presence use different connections, so the observer may receive them in any order.
            let after = journal[left...].filter {
                $0.hasPrefix("observed") ? place == .memory && $0.hasPrefix("observed word") : !$0.hasPrefix("disc")
            }
            check(after.isEmpty, "nothing happens after the consumer has left")
        }
        // A stopping server also closes the observer.
        if place == .memory, ending == .serverStops { return broken }

        // A word whose sending failed or was cancelled may have been sent anyway.
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
