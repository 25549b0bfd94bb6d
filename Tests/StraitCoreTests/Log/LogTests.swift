import Testing

@testable import StraitCore

@Suite struct Logs {
    private let notes = Notes<String>()

    private func log(_ level: LogLevel = .trace) -> Log {
        Log(level: level) { [notes] level, text in notes.add("\(level) \(text)") }
    }

    @Test func `each level has a method, and entries below the log level are not evaluated`() {
        var log = log()
        log.trace("a")
        log.debug("b")
        log.info("c")
        log.notice("d")
        log.warning("e")
        log.error("f")
        log.critical("g")
        log.log(level: .notice, "h")
        #expect(
            notes.all == [
                "trace a", "debug b", "info c", "notice d", "warning e", "error f", "critical g", "notice h",
            ])
        log.logLevel = .warning
        func made() -> String {
            Issue.record("The text was evaluated although the level is disabled.")
            return ""
        }
        log.notice(made(), metadata: ["key": "\(made())"])
        #expect(notes.all.count == 8)
    }

    @Test func `metadata follows the text in the given order`() {
        log().info("refused", metadata: ["path": "/a", "status": "403", "reason": "not allowed", "by": ""])
        #expect(notes.all == [#"info refused path=/a status=403 reason="not allowed" by="""#])
    }

    @Test func `a log's metadata is added to each entry, and copies are independent`() {
        let log = log()
        var own = log
        own[metadataKey: "request-id"] = "17"
        own.info("a", metadata: ["b": "c"])
        own.info("a", metadata: ["request-id": "18"])
        log.info("a")
        own[metadataKey: "request-id"] = nil
        own.info("b")
        #expect(own[metadataKey: "request-id"] == nil)
        #expect(notes.all == ["info a request-id=17 b=c", "info a request-id=18", "info a", "info b"])
    }

    @Test func `metadata values can be lists and dictionaries, and are evaluated only for logged entries`() {
        struct Loud: CustomStringConvertible {
            let isMade: Bool
            var description: String {
                #expect(isMade)
                return "loud"
            }
        }
        log().info(
            "a", metadata: ["list": ["b", "c"], "table": ["d": "e"], "value": .stringConvertible(Loud(isMade: true))])
        log(.info).debug("a", metadata: ["value": .stringConvertible(Loud(isMade: false))])
        #expect(notes.all == [#"info a list="[b, c]" table="{d: e}" value=loud"#])
    }

    @Test func `a handler gets the entry's parts and source location`() {
        let records = Notes<LogRecord>()
        let log = Log(level: .info) { records.add($0) }
        log.error("two\nlines", metadata: ["a": "b c"])
        log.info("c", source: "Elsewhere")
        #expect(records.all.map(\.message) == ["two\nlines", "c"])
        #expect(records.all[0].text == #"two | lines a="b c""#)
        #expect(records.all[0].file == "StraitCoreTests/LogTests.swift" && records.all[0].line > 60)
        #expect(records.all.map(\.source) == ["StraitCoreTests", "Elsewhere"])
    }

    @Test(arguments: [
        ("trace", LogLevel.trace), ("Notice", .notice), ("CRITICAL", .critical), ("loud", nil), ("", nil),
    ])
    func `a level is parsed from its name, case-insensitively`(name: String, level: LogLevel?) {
        #expect(LogLevel(name) == level)
    }

    @Test func `a long text is truncated, and its metadata is kept`() {
        let record = LogRecord(
            level: .info, message: String(repeating: "é", count: 100), metadata: ["path": "/a"], source: "", file: "",
            function: "", line: 0)
        let text = record.text(limit: 50)
        #expect(text.hasSuffix("é... path=/a") && (48...50).contains(text.utf8.count))
    }
}
