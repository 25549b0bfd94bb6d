import Testing

@testable import StraitCommandLine

/// A command with one option of each kind.
struct Sample: Equatable {
    enum Colour: String, OptionValue, CaseIterable { case red, green }

    static let name = "sample"
    static let summary = "Does nothing."
    static var options: [CommandOption<Sample>] {
        [
            .argument("TARGET", "The target.", \.target),
            .arguments("MORE", "More numbers.", \.more),
            .value("--size", "BYTES", "The size.", \.size),
            .value("--count", "N", "The count.", \.count),
            .values("--path", "PATH", "A path.", \.paths),
            .value("--colour", "COLOUR", "The colour.", \.colour),
            .value("--list", "N,N", "A list of numbers.", \.list),
            .flag("--loud", "Whether to shout.", \.isLoud),
            .flag("--maybe", "A flag without a default.", \.maybe),
            .absence("--no-name", "Omit the name.", \.isNameless),
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
    @Test func `every kind of option is parsed`() throws {
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

    @Test func `an option that is not given keeps its default`() throws {
        let sample = try Sample.parsed("t")
        #expect(sample.size == nil && sample.count == 1 && sample.maybe == nil && sample.paths.isEmpty)
    }

    @Test func `a negative number is a value`() throws {
        #expect(try Sample.parsed("t --count -3").count == -3)
    }

    @Test func `the last of two flags is used`() throws {
        #expect(try Sample.parsed("t --loud --no-loud").isLoud == false)
    }

    @Test func `everything after two dashes is an argument`() throws {
        #expect(try Sample.parsed("-- --loud").target == "--loud")
    }

    @Test(arguments: [
        ("", "TARGET is missing: The target."),
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
        ("t --list 1,,2", "--list takes a whole number, or several separated by commas, not '1,,2'."),
        ("t --loud=yes", "--loud takes no value, but was given 'yes'. Leave it out."),
    ])
    func `an invalid command line is rejected with a reason`(line: String, message: String) {
        #expect(throws: UsageError(message)) { try Sample.parsed(line) }
    }

    @Test(arguments: [
        ("1", 1), ("64K", 65536), ("64kib", 65536), ("1M", 1 << 20), ("2GB", 2 << 30), ("1024g", 1 << 40),
    ])
    func `a size is parsed`(text: String, bytes: Int) {
        #expect(ByteSize(argument: text)?.bytes == bytes)
    }

    @Test(arguments: ["", "K", "-1", "1.5M", "1T", "1025G", "9223372036854775807", "99999999999999999999", "１"])
    func `an invalid size is rejected`(text: String) {
        #expect(ByteSize(argument: text) == nil)
    }

    @Test(arguments: [
        ("1", Duration.seconds(1)), ("0.25", .milliseconds(250)), ("0.001", .milliseconds(1)), ("1e3", .seconds(1000)),
    ])
    func `a time in seconds is parsed`(text: String, duration: Duration) {
        #expect(Duration(argument: text) == duration)
    }

    @Test(arguments: ["0", "-1", "nan", "inf", "1e300", "5s", "", "0.0001", "0.00099"])
    func `an invalid time is rejected`(text: String) {
        #expect(Duration(argument: text) == nil)
    }
}
