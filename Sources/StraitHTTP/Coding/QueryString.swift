internal import StraitNetwork

/// The names and values of a query (`?a=1&a=2&b=`), in order; Django's `QueryDict`.
public struct QueryString: Sendable, Equatable {
    /// The pairs in their order, decoded.
    public private(set) var items: [Item] = []

    /// One name and its value.
    public struct Item: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }

        /// Whether both have the same scalars, as Django compares them.
        public static func == (left: Item, right: Item) -> Bool {
            left.name.hasSameBytes(as: right.name) && left.value.hasSameBytes(as: right.value)
        }

        public func hash(into hasher: inout Hasher) {
            for text in [name, value] {
                hasher.combine(text.utf8.count)
                for byte in text.utf8 { hasher.combine(byte) }
            }
        }
    }

    public init(_ items: [Item] = []) {
        self.items = items
    }

    /// Reads `text`, which comes without the `?`. Nothing is an error: a name without `=` has an empty value, `+` is a
    /// space, a `%` without two digits stands for itself, and what is not UTF-8 becomes U+FFFD. After 30 combining marks
    /// in a row comes U+034F, so that names and values can be compared in linear time (Unicode UAX #15).
    public init(parsing text: String) {
        self.init(undivided: text) { $0.madeStreamSafe }
    }

    /// Reads `text`; `checked` returns each name and value as it is kept, or throws.
    init<Failure: Error>(undivided text: String, _ checked: (String) throws(Failure) -> String) throws(Failure) {
        let bytes = text.utf8.span
        var start = 0
        for end in 0...bytes.count where end == bytes.count || bytes[end] == 0x26 {
            defer { start = end + 1 }
            guard end > start else { continue }
            var equals = start
            while equals < end, bytes[equals] != 0x3D { equals += 1 }
            items.append(
                Item(
                    name: try checked(PercentEncoding.decodeLeniently(bytes.extracting(start..<equals))),
                    value: try checked(PercentEncoding.decodeLeniently(bytes.extracting(min(equals + 1, end)..<end)))))
        }
    }

    /// The last value of `name`, as `QueryDict` has it; nil where there is none.
    public subscript(name: String) -> String? {
        items.last { $0.name.hasSameBytes(as: name) }?.value
    }

    /// The values of `name` in order; `QueryDict.getlist`.
    public func values(of name: String) -> [String] {
        items.compactMap { $0.name.hasSameBytes(as: name) ? $0.value : nil }
    }

    /// The pairs percent-coded for a URL, without the `?`; `QueryDict.urlencode`, with `%20` for a space.
    public var encoded: String {
        items.map { PercentEncoding.encode($0.name) + "=" + PercentEncoding.encode($0.value) }.joined(separator: "&")
    }
}
