public import StraitCore
internal import StraitJSON
internal import StraitText

/// The values of a session, each as JSON. Values that the program does not decode are stored again unchanged, with all
/// digits of their numbers. Names are compared by their bytes, as in Python.
public struct SessionData: Sendable {
    private var members: [(name: String, json: Bytes)] = []
    /// The index of each name in `members`.
    private var places: [TextKey: Int] = [:]

    /// Creates data without values.
    public init() {}

    /// Reads a JSON object, as Django's JSON serializer writes it. If a name is repeated, the last value counts.
    ///
    /// - Throws: ``/StraitJSON/JSONError`` if the bytes are not a JSON object.
    public init(json: Bytes) throws {
        let document = try JSONDocument(json, dialect: .python)
        guard document.tokens[0].kind == .object else {
            throw JSONError(.shape, at: 0, "Expected an object, which begins with '{'")
        }
        document.forEachMember(of: 0, isUnique: false) { (key, value) throws(Never) in
            self[document.string(key)] = document.json(at: value)
        }
    }

    /// The values as a JSON object, in the order in which they were added.
    public var json: Bytes {
        var output = ByteBuffer(capacity: 256)
        output.append(UInt8(ascii: "{"))
        for (index, member) in members.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            output.append(json: member.name)
            output.append(UInt8(ascii: ":"))
            output.append(member.json)
        }
        output.append(UInt8(ascii: "}"))
        return output.freeze()
    }

    /// The names of the values, in order.
    public var names: [String] { members.map(\.name) }

    /// Whether there are no values.
    public var isEmpty: Bool { members.isEmpty }

    /// The JSON of a value, or nil if there is none. Setting nil removes the value.
    public subscript(name: String) -> Bytes? {
        get { places[TextKey(name)].map { members[$0].json } }
        set {
            switch (places[TextKey(name)], newValue) {
            case (let place?, let json?): members[place].json = json
            case (let place?, nil):
                members.remove(at: place)
                places[TextKey(name)] = nil
                for index in place..<members.count { places[TextKey(members[index].name)] = index }
            case (nil, let json?):
                places[TextKey(name)] = members.count
                members.append((name, json))
            case (nil, nil): break
            }
        }
    }
}

extension SessionData: Equatable {
    /// Whether both have the same values in the same order.
    public static func == (left: SessionData, right: SessionData) -> Bool { left.json == right.json }
}

/// The values of a session that a request has changed.
public struct SessionChanges: Sendable {
    /// The new JSON of each value, or nil for one that was removed.
    private var values: [TextKey: Bytes?] = [:]

    /// Creates an empty set of changes.
    public init() {}

    /// Whether there are no changes.
    public var isEmpty: Bool { values.isEmpty }

    /// Applies the changes to data that another request may have stored.
    public func apply(to data: inout SessionData) {
        for (name, json) in values { data[name.text] = json }
    }

    mutating func set(_ name: String, _ json: Bytes?) { values.updateValue(json, forKey: TextKey(name)) }

    /// Removes the changes that were stored. Keeps the change of a value that has changed again since then.
    mutating func remove(_ stored: SessionChanges) {
        for (name, json) in stored.values where values[name] == json { values[name] = nil }
    }
}
