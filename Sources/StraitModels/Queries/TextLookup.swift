extension Expression where Value.Base == String {
    /// The text contains `part`. Django's `contains` and `icontains`.
    ///
    /// As in Django, SQLite always ignores the case of ASCII letters, and never that of other letters.
    public func contains(_ part: String, ignoringCase: Bool = false) -> Condition {
        like("%" + LikePattern.escaped(part) + "%", ignoringCase)
    }

    /// The text begins with `part`. Django's `startswith` and `istartswith`.
    public func hasPrefix(_ part: String, ignoringCase: Bool = false) -> Condition {
        like(LikePattern.escaped(part) + "%", ignoringCase)
    }

    /// The text ends with `part`. Django's `endswith` and `iendswith`.
    public func hasSuffix(_ part: String, ignoringCase: Bool = false) -> Condition {
        like("%" + LikePattern.escaped(part), ignoringCase)
    }

    /// The text equals `other`, except for the case of letters. Django's `iexact`.
    public func equalsIgnoringCase(_ other: String) -> Condition { like(LikePattern.escaped(other), true) }

    /// The text contains a match of a regular expression in the engine's syntax. Django's `regex` and `iregex`.
    ///
    /// Don't pass a user's text: an expression can take exponential time.
    public func matches(_ pattern: String, ignoringCase: Bool = false) -> Condition {
        ignoringCase
            ? Condition("\(self) \(sqlite: "REGEXP '(?i)' ||", postgreSQL: "~*") \(value: pattern)")
            : Condition("\(self) \(sqlite: "REGEXP", postgreSQL: "~") \(value: pattern)")
    }

    private func like(_ pattern: String, _ ignoresCase: Bool) -> Condition {
        ignoresCase
            ? Condition(
                """
                \(sqlite: "", postgreSQL: "UPPER(")\(self)\(sqlite: "", postgreSQL: "::text)") LIKE \
                \(sqlite: "", postgreSQL: "UPPER(")\(value: pattern)\(sqlite: " ESCAPE '\\'", postgreSQL: ")")
                """)
            : Condition(
                """
                \(self)\(sqlite: "", postgreSQL: "::text") LIKE \(value: pattern)\
                \(sqlite: " ESCAPE '\\'", postgreSQL: "")
                """)
    }
}

/// Patterns of `LIKE`.
private enum LikePattern {
    /// Returns a pattern that matches `text` itself.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            if scalar == "\\" || scalar == "%" || scalar == "_" { escaped.unicodeScalars.append("\\") }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }
}
