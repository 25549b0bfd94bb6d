import StraitConsumers
import StraitCore

/// The metrics of one server, read from the counters of its loops. It holds no connections or services, so
/// ``/StraitCore/Metrics`` can retain it without keeping them alive.
struct ServerMetrics: MetricsSource {
    let counters: ServerCounters
    let loops: [Loop]
    let time: any TimeSource

    /// The counts of one event loop.
    struct Loop: Sendable {
        let index: Int
        let counters: LoopCounters
        let traffic: LoopTraffic
    }

    init(_ loops: [ServerLoop], counters: ServerCounters, time: any TimeSource) {
        self.loops = loops.map { Loop(index: $0.loop.index, counters: $0.loop.counters, traffic: $0.traffic) }
        self.counters = counters
        self.time = time
    }

    func metrics() -> [Metric] { connections + requests + sockets + drops + limits + load }

    // `MetricsSnapshot`'s properties read these names.

    private var connections: [Metric] {
        [
            gauge("strait_connections_open", "Open connections.", sum { $0.connections }),
            counter("strait_connections_accepted_total", "Connections that were accepted.", sum { $0.accepted.value }),
            counter(
                "strait_bytes_received_total", "Bytes that were read from clients.", sum { $0.bytesReceived.value }),
            counter("strait_bytes_sent_total", "Bytes that were written to clients.", sum { $0.bytesSent.value }),
        ]
    }

    private var requests: [Metric] {
        [1, 2, 3, 4, 5, nil].map { number in
            counter(
                "strait_requests_total", "Requests by the status of the response; none if there was no response.",
                sum { $0.requests(ofClass: number) }, "status", number.map { "\($0)xx" } ?? "none")
        }
    }

    private var sockets: [Metric] {
        let refused = counters.refusedHandshakes.sorted { $0.key < $1.key }
        let closed = counters.closedSockets.sorted { $0.key < $1.key }
        return [
            gauge("strait_websockets_open", "Open WebSockets.", sum { $0.sockets.value }),
            gauge("strait_consumers", "Consumers whose disconnect has not returned.", sum { $0.consumers.value }),
            gauge("strait_workers", "Channels that are read by a worker.", sum { $0.workers.value }),
            counter("strait_handshakes_accepted_total", "Handshakes that were accepted.", sum { $0.handshakes.value }),
        ]
            + refused.map { status, count in
                counter(
                    "strait_handshakes_refused_total", "Handshakes that were refused, by the status of the response.",
                    count, "status", "\(status)")
            }
            + closed.map { code, count in
                counter("strait_websockets_closed_total", "WebSockets that ended, by code.", count, "code", "\(code)")
            }
            + [
                counter(
                    "strait_messages_received_total", "WebSocket messages that arrived.",
                    sum { $0.messagesReceived.value }),
                counter(
                    "strait_messages_sent_total", "WebSocket messages that were sent.", sum { $0.messagesSent.value }),
                gauge(
                    "strait_unfinished_message_bytes", "Bytes of messages that have begun to arrive.",
                    counters.unfinishedBytes),
            ]
    }

    private var drops: [Metric] {
        Drop.allCases.map { kind in
            counter(
                "strait_dropped_total", "Messages and events that were dropped.", count(kind), "kind", kind.rawValue)
        }
    }

    private func count(_ kind: Drop) -> Int {
        let consumers = counters.consumers
        return switch kind {
        case .received: consumers.droppedInbound
        case .afterClose: counters.droppedAfterClose
        case .sent: consumers.droppedOutbound
        case .unhandledMessages: consumers.ignoredMessages
        case .unhandledEvents: consumers.ignoredEvents
        case .endedEvents: consumers.droppedEvents(.ended)
        case .expiredEvents: consumers.droppedEvents(.expired)
        case .unsendableEvents: consumers.droppedEvents(.unsendable)
        case .oldestEvents: consumers.droppedEvents(.dropOldest)
        case .newestEvents: consumers.droppedEvents(.dropNewest)
        case .replacedEvents: consumers.droppedEvents(.keepLatest)
        case .slowMemberEvents: consumers.droppedEvents(.disconnect)
        }
    }

    private var limits: [Metric] {
        Limit.allCases.map { limit in
            counter(
                "strait_limits_reached_total", "How often a limit was reached.", count(limit), "limit", limit.rawValue)
        }
    }

    private func count(_ limit: Limit) -> Int {
        switch limit {
        case .mailbox: sum { $0.mailboxPauses.value }
        case .expansion: sum { $0.expansionRests.value }
        case .eventQueue: counters.consumers.slowMembers
        case .handlerTime: counters.consumers.cancelledHandlers
        default: counters.reached(limit)
        }
    }

    private var load: [Metric] {
        let now = time.now
        return loops.flatMap { loop in
            let current = loop.counters.currentTurn(now)
            return [
                lag(
                    "strait_loop_lag_seconds", "The longest turn of an event loop in the last 10 to 20 seconds.", loop,
                    max(loop.counters.recent(now), current)),
                lag(
                    "strait_loop_lag_max_seconds", "The longest turn of an event loop.", loop,
                    max(loop.counters.longest, current)),
                Metric(
                    .counter, "strait_loop_busy_seconds_total", help: "The time that an event loop was at work.",
                    labels: [Metric.Label("loop", "\(loop.index)")], value: Self.seconds(loop.counters.busy)),
            ]
        }
    }

    private func lag(_ name: String, _ help: String, _ loop: Loop, _ length: Duration) -> Metric {
        // The loops of several servers have the same indexes, so the maximum is used.
        Metric(
            .gauge, name, help: help, labels: [Metric.Label("loop", "\(loop.index)")], value: Self.seconds(length),
            merging: .maximum)
    }

    private static func seconds(_ duration: Duration) -> Double { Double(duration.nanoseconds) / 1e9 }

    private func sum(_ count: (LoopTraffic) -> Int) -> Int { loops.reduce(0) { $0 + count($1.traffic) } }

    private func gauge(_ name: String, _ help: String, _ value: Int) -> Metric {
        Metric(.gauge, name, help: help, value: value)
    }

    private func counter(
        _ name: String, _ help: String, _ value: Int, _ label: String? = nil, _ labelled: String = ""
    ) -> Metric {
        Metric(
            .counter, name, help: help, labels: label.map { [Metric.Label($0, labelled)] } ?? [], value: Double(value))
    }
}
