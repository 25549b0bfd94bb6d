/// A parser for the options of a command. It only sets properties and throws errors.
package struct OptionParser<Owner> {
    private let options: [CommandOption<Owner>]

    /// Creates a parser for `options`.
    package init(options: [CommandOption<Owner>]) { self.options = options }

    /// Sets the properties of `owner` from `words`.
    ///
    /// `--name VALUE` and `--name=VALUE` are equivalent. All words after `--` are arguments.
    package func parse(_ words: [String], into owner: inout Owner) throws(UsageError) {
        var seen: Set<String> = []
        var arguments: [String] = []
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                arguments += rest
                break
            }
            guard word.hasPrefix("-"), word != "-" else {
                arguments.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            var value = parts.count == 2 ? String(parts[1]) : nil
            let (option, isOn) = try find(name)
            if option.kind == .value {
                if value == nil, let next = rest.first, !isOption(next) { value = rest.popFirst() }
                guard let value else {
                    throw UsageError(
                        "\(name) needs a value: \(name) \(option.placeholder). It takes \(option.expectation).")
                }
                guard option.isRepeatable || seen.insert(name).inserted else {
                    throw UsageError("\(name) is given twice. Give it once.")
                }
                guard option.apply(&owner, value) else {
                    throw UsageError("\(name) takes \(option.expectation), not '\(value)'.")
                }
            } else {
                if let value { throw UsageError("\(name) takes no value, but was given '\(value)'. Leave it out.") }
                _ = option.apply(&owner, isOn ? "true" : "false")
            }
        }
        try place(arguments, into: &owner)
    }

    /// Whether a word is an option and not a value, such as a negative number.
    private func isOption(_ word: String) -> Bool {
        word.hasPrefix("--") || (word.hasPrefix("-") && word.count > 1 && Double(word) == nil)
    }

    private func find(_ name: String) throws(UsageError) -> (CommandOption<Owner>, isOn: Bool) {
        var known: [String] = ["--help"]
        for option in options {
            switch option.kind {
            case .argument: continue
            case .value, .absence: known.append(option.name)
            case .flag: known += [option.name, option.negation]
            }
            if option.name == name { return (option, true) }
            if option.kind == .flag, option.negation == name { return (option, false) }
        }
        throw .unknownOption(name, known: known)
    }

    private func place(_ arguments: [String], into owner: inout Owner) throws(UsageError) {
        var rest = arguments[...]
        for option in options {
            guard case .argument(let isRequired) = option.kind else { continue }
            if isRequired, rest.isEmpty { throw UsageError("\(option.placeholder) is missing: \(option.help)") }
            while let word = rest.popFirst() {
                guard option.apply(&owner, word) else {
                    throw UsageError("\(option.placeholder) takes \(option.expectation), not '\(word)'.")
                }
                if !option.isRepeatable { break }
            }
        }
        if let extra = rest.first { throw UsageError("Unexpected argument '\(extra)'. --help lists what is allowed.") }
    }
}

extension CommandOption {
    /// The name that turns a flag off.
    var negation: String { "--no-" + name.drop { $0 == "-" } }
}
