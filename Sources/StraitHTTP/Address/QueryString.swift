package import StraitCore

/// The names and values of a query (`?a=1&a=2&b=`), in order; Django's `QueryDict`.
public struct QueryString: Sendable, Equatable {
    /// The decoded pairs, in order.
    public private(set) var items: [Item] = []

    /// A name and its value.
    public struct Item: Sendable, Hashable {
        /// The decoded name.
        public var name: String
        /// The decoded value.
        public var value: String

        /// Creates a pair from decoded text.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }

        /// Whether both have the same Unicode scalars in name and value. Django compares them in the same way.
        public static func == (left: Item, right: Item) -> Bool {
            left.name.hasSameBytes(as: right.name) && left.value.hasSameBytes(as: right.value)
        }

        /// Hashes the UTF-8 of the name and the value, to agree with `==`.
        public func hash(into hasher: inout Hasher) {
            for text in [name, value] {
                hasher.combine(text.utf8.count)
                for byte in text.utf8 { hasher.combine(byte) }
            }
        }
    }

    /// Creates a query from decoded pairs.
    public init(_ items: [Item] = []) {
        self.items = items
    }

    /// Reads `text`, which is a query without the `?`. Reading never fails.
    ///
    /// A name without `=` has an empty value. `+` becomes a space. A `%` without two hexadecimal digits stays as it is,
    /// and invalid UTF-8 becomes U+FFFD. U+034F is inserted after 30 combining marks in a row, so that names and values
    /// compare in linear time (Unicode UAX #15).
    public init(parsing text: String) {
        self.init(undivided: text) { $0.madeStreamSafe }
    }

    /// Reads `text`. `checked` returns each name and value in the form to store, or throws.
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
                    name: try checked(Self.decoded(bytes.extracting(start..<equals))),
                    value: try checked(Self.decoded(bytes.extracting(min(equals + 1, end)..<end)))))
        }
    }

    private static func decoded(_ text: Span<UInt8>) -> String {
        PercentEncoding.decodeLeniently(text, plusIsSpace: true)
    }

    /// The last value of `name`, as in `QueryDict`; nil if there is none.
    public subscript(name: String) -> String? {
        items.last { $0.name.hasSameBytes(as: name) }?.value
    }

    /// Returns all values of `name` in order; `QueryDict.getlist`.
    public func values(of name: String) -> [String] {
        items.compactMap { $0.name.hasSameBytes(as: name) ? $0.value : nil }
    }

    /// The percent-encoded pairs for a URL, without the `?`. The same as `QueryDict.urlencode`, but a space is `%20`.
    public var encoded: String {
        items.map { PercentEncoding.encode($0.name) + "=" + PercentEncoding.encode($0.value) }.joined(separator: "&")
    }
}

extension QueryString {
    /// Reads the body of an `application/x-www-form-urlencoded` form, as Django's `QueryDict` does.
    ///
    /// The body is UTF-8, or ISO 8859-1 if it is not valid UTF-8. The rest follows the rules for a query.
    ///
    /// - Parameter limit: The maximum number of pairs, including empty ones between two `&`; Django's
    ///   `DATA_UPLOAD_MAX_NUMBER_FIELDS`.
    /// - Throws: ``MultipartError``. The status is 413 if there are more pairs than `limit`, in which case nothing is
    ///   decoded. It is 400 if a name or value has more than 30 combining marks in a row. No language needs that many,
    ///   and code compares names before it knows the form's fields.
    package init(form body: Bytes, limit: Int) throws(MultipartError) {
        if !body.isEmpty {
            var count = 1
            for byte in body where byte == 0x26 { count += 1 }
            guard count <= limit else { throw .fields(limit) }
        }
        try self.init(undivided: String(fieldValue: body.span)) { text throws(MultipartError) in
            guard text.isStreamSafe else { throw .combiningMarks }
            return text
        }
    }
}
