import StraitNetwork
import Testing

@Suite struct Logs {
    private let notes = Notes<String>()

    @Test(
        arguments: [
            ("a\nb", #"a\nb"#), ("a\r\nb", #"a\r\nb"#), ("\t", #"\t"#), ("\u{1B}[2J", #"\u{1b}[2J"#), ("\0", #"\u{0}"#),
            ("\u{7F}", #"\u{7f}"#), ("\u{9B}2J", #"\u{9b}2J"#), ("a\u{2028}b\u{2029}", #"a\u{2028}b\u{2029}"#),
            ("grüße 🎈 \\ \"x\"", "grüße 🎈 \\ \"x\""), ("", ""),
        ])
    func `a control character is written as its escape, so that nobody else writes lines of the log`(
        text: String, line: String
    ) {
        let log = Log(level: .debug) { [notes] _, text in notes.add(text) }
        log.debug(text)
        log.info(text)
        log.warning(text)
        log.error(text)
        #expect(notes.all == [line, line, line, line])
    }
}
