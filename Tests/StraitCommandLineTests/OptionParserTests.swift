import Testing

@testable import StraitCommandLine

/// A command with one option of each kind.
struct Sample: Equatable {
    enum Colour: String, OptionValue, CaseIterable { case red, green }

    static let name = "sample"
    static let summary = "Does nothing."
    static var options: [CommandOption<Sample>] {
        [
            .argument("TARGET", "What to do it to.", \.target),
            .arguments("MORE", "What else.", \.more),
            .value("--size", "BYTES", "How large.", \.size),
            .value("--count", "N", "How many.", \.count),
            .values("--path", "PATH", "Where.", \.paths),
            .value("--colour", "COLOUR", "Which.", \.colour),
            .value("--list", "N,N", "Several.", \.list),
            .flag("--loud", "Whether to shout.", \.isLoud),
            .flag("--maybe", "Whether, if said.", \.maybe),
            .absence("--no-name", "Without a name.", \.isNameless),
        ]
    }

    var target = ""
    var more: [Int] = []
    var size: ByteSize?
    var count = 1
    var paths: [String] = []
    var colour: Colour?
    var list: [Int] = []
    var isLoud = false
    var maybe: Bool?
    var isNameless = false

    static func parsed(_ line: String) throws(UsageError) -> Sample {
        var sample = Sample()
        try OptionParser(options: options).parse(line.split(separator: " ").map(String.init), into: &sample)
        return sample
    }
}

@Suite struct OptionParserTests {
    @Test func readsEveryKindOfOption() throws {
        let sample = try Sample.parsed(
            "t 1 --size 64K --count=-3 --path a --path=b 2 --colour green --list 1,2 --loud --no-maybe --no-name")
        #expect(sample.target == "t")
        #expect(sample.more == [1, 2])
        #expect(sample.size?.bytes == 65536)
        #expect(sample.count == -3)
        #expect(sample.paths == ["a", "b"])
        #expect(sample.colour == .green)
        #expect(sample.list == [1, 2])
        #expect(sample.isLoud)
        #expect(sample.maybe == false)
        #expect(sample.isNameless)
    }

    @Test func leavesWhatIsNotGiven() throws {
        let sample = try Sample.parsed("t")
        #expect(sample.size == nil && sample.count == 1 && sample.maybe == nil && sample.paths.isEmpty)
    }

    @Test func aNegativeNumberIsAValue() throws {
        #expect(try Sample.parsed("t --count -3").count == -3)
    }

    @Test func theLastOfTwoFlagsWins() throws {
        #expect(try Sample.parsed("t --loud --no-loud").isLoud == false)
    }

    @Test func behindTwoDashesEverythingIsAnArgument() throws {
        #expect(try Sample.parsed("-- --loud").target == "--loud")
    }

    @Test(arguments: [
        ("", "TARGET is missing: What to do it to."),
        ("t x", "MORE takes a whole number, not 'x'."),
        ("t --sise 1", "There is no option --sise. Did you mean --size? --help lists all."),
        ("t --cou 1", "There is no option --cou. Did you mean --count? --help lists all."),
        ("t --no-laud", "There is no option --no-laud. Did you mean --no-loud? --help lists all."),
        ("t --xylophone", "There is no option --xylophone. --help lists all."),
        ("t --count", "--count needs a value: --count N. It takes a whole number."),
        ("t --count --loud", "--count needs a value: --count N. It takes a whole number."),
        ("t --count 1 --count 2", "--count is given twice. Give it once."),
        ("t --count 1.5", "--count takes a whole number, not '1.5'."),
        ("t --count=", "--count takes a whole number, not ''."),
        ("t --colour blue", "--colour takes one of red, green, not 'blue'."),
        ("t --size 0", "--size takes a size of at least one byte: 65536, 64K or 1M, not '0'."),
        ("t --list 1,,2", "--list takes a whole number, or several with commas between them, not '1,,2'."),
        ("t --loud=yes", "--loud takes no value, but was given 'yes'. Leave it out."),
    ])
    func saysWhatIsWrong(line: String, message: String) {
        #expect(throws: UsageError(message)) { try Sample.parsed(line) }
    }

    @Test(arguments: [
        ("1", 1), ("64K", 65536), ("64kib", 65536), ("1M", 1 << 20), ("2GB", 2 << 30), ("1024g", 1 << 40),
    ])
    func readsSizes(text: String, bytes: Int) {
        #expect(ByteSize(argument: text)?.bytes == bytes)
    }

    @Test(arguments: ["", "K", "-1", "1.5M", "1T", "1025G", "9223372036854775807", "99999999999999999999", "１"])
    func refusesWhatIsNoSize(text: String) {
        #expect(ByteSize(argument: text) == nil)
    }

    @Test(arguments: [
        ("1", Duration.seconds(1)), ("0.25", .milliseconds(250)), ("0.001", .milliseconds(1)), ("1e3", .seconds(1000)),
    ])
    func readsSeconds(text: String, duration: Duration) {
        #expect(Duration(argument: text) == duration)
    }

    @Test(arguments: ["0", "-1", "nan", "inf", "1e300", "5s", "", "0.0001", "0.00099"])
    func refusesWhatIsNoTime(text: String) {
        #expect(Duration(argument: text) == nil)
    }
}
