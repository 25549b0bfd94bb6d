import Foundation
import StraitCore
import StraitTesting
import Testing

@testable import StraitJSON

func written(_ value: some Encodable, _ coder: JSONCoder = JSONCoder()) throws -> String {
    String(decoding: try coder.encode(value), as: UTF8.self)
}

func read<Value: Decodable>(
    _ type: Value.Type = Value.self, _ text: String, _ coder: JSONCoder = JSONCoder()
) throws -> Value {
    try coder.decode(type, from: Bytes(text))
}

private struct Person: Codable, Equatable {
    var name: String
    var age: Int?
    var tags: [String]
    var friend: [Person]?
}

private enum Colour: String, Codable, CodingKeyRepresentable { case red, blue }
private enum Level: Int, Codable {
    case low = 1
    case high
}
private enum Shape: Codable, Equatable {
    case point
    case circle(radius: Double)
    case named(String)
    case pair(Int, String)
    case deep(Person)
}

private class Base: Codable {
    var base = 1
}

private final class Derived: Base {
    var own = 2
    enum Keys: String, CodingKey { case own }
    override init() { super.init() }
    required init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        own = try container.decode(Int.self, forKey: .own)
        try super.init(from: container.superDecoder())
    }
    override func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(own, forKey: .own)
        try super.encode(to: container.superEncoder())
    }
}

/// A class that encodes its properties into the same object as its superclass.
private final class Beside: Base {
    var own = 2
    enum Keys: String, CodingKey { case own }
    override init() { super.init() }
    required init(from decoder: any Decoder) throws {
        own = try decoder.container(keyedBy: Keys.self).decode(Int.self, forKey: .own)
        try super.init(from: decoder)
    }
    override func encode(to encoder: any Encoder) throws {
        try super.encode(to: encoder)
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(own, forKey: .own)
    }
}

/// A type that opens several containers and then fills them in turn.
private struct Interleaved: Codable, Equatable {
    var points: [[Int]]
    enum Keys: String, CodingKey { case xs, ys, count, list }
    init(points: [[Int]]) { self.points = points }
    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        var (xs, ys) = (
            try container.nestedUnkeyedContainer(forKey: .xs), try container.nestedUnkeyedContainer(forKey: .ys)
        )
        points = []
        while !xs.isAtEnd { points.append([try xs.decode(Int.self), try ys.decode(Int.self)]) }
    }
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        var xs = container.nestedUnkeyedContainer(forKey: .xs)
        try container.encode(points.count, forKey: .count)
        var ys = container.nestedUnkeyedContainer(forKey: .ys)
        var list = container.nestedUnkeyedContainer(forKey: .list)
        var inner = list.nestedContainer(keyedBy: Keys.self)
        for point in points {
            try xs.encode(point[0])
            try ys.encode(point[1])
        }
        var empty = list.nestedUnkeyedContainer()
        try empty.encodeNil()
        try inner.encode("late", forKey: .xs)
        try list.encode(7)
    }
}

private struct Empty: Codable, Equatable {}
private struct One<Value: Codable & Equatable>: Codable, Equatable { var one: Value }

@Suite struct `Codable shapes` {
    private func check<Value: Codable & Equatable>(_ value: Value, _ text: String) {
        do {
            #expect(try written(value) == text)
            #expect(try read(Value.self, text) == value)
            // Foundation decodes the same value.
            #expect(try JSONDecoder().decode(Value.self, from: Data(text.utf8)) == value)
        } catch {
            Issue.record("\(text): \(error)")
        }
    }

    @Test func `structs are encoded with keys in declaration order`() {
        check(Person(name: "Ann", age: 4, tags: ["a", "b"]), #"{"name":"Ann","age":4,"tags":["a","b"]}"#)
        check(
            Person(name: "", tags: [], friend: [Person(name: "B", tags: [])]),
            #"{"name":"","tags":[],"friend":[{"name":"B","tags":[]}]}"#)
        check(Empty(), "{}")
        check([Empty(), Empty()], "[{},{}]")
        check(One(one: Empty()), #"{"one":{}}"#)
    }

    @Test func `enums are encoded in Swift's default form`() {
        check(Shape.point, #"{"point":{}}"#)
        check(Shape.circle(radius: 1.5), #"{"circle":{"radius":1.5}}"#)
        check(Shape.named("x"), #"{"named":{"_0":"x"}}"#)
        check(Shape.pair(1, "b"), #"{"pair":{"_0":1,"_1":"b"}}"#)
        check(
            [Shape.deep(Person(name: "A", tags: ["t"])), .point],
            #"[{"deep":{"_0":{"name":"A","tags":["t"]}}},{"point":{}}]"#)
        check([Colour.red, .blue], #"["red","blue"]"#)
        check([Level.low, .high], "[1,2]")
        check([Shape?.none, .point], #"[null,{"point":{}}]"#)
    }

    @Test func `dictionaries are encoded with keys sorted by their UTF-8 bytes`() {
        check(["z": 1, "a": 2, "é": 3, "Z": 4, "": 5, "\"": 6], #"{"":5,"\"":6,"Z":4,"a":2,"z":1,"é":3}"#)
        check([10: "a", 9: "b", -1: "c"], #"{"-1":"c","10":"a","9":"b"}"#)
        check([Colour.red: 1, .blue: 2], #"{"blue":2,"red":1}"#)
        check(["b": ["d": 1, "c": 2], "a": [:]], #"{"a":{},"b":{"c":2,"d":1}}"#)
        check(["x": [Shape.point], "a": [.named("n")]], #"{"a":[{"named":{"_0":"n"}}],"x":[{"point":{}}]}"#)
        check([String: Int](), "{}")
    }

    @Test func `optionals are encoded as null or as their value in every container`() {
        check([1, nil, 3], "[1,null,3]")
        check([[nil], [1]] as [[Int?]], "[[null],[1]]")
        check(["a": nil, "b": 1] as [String: Int?], #"{"a":null,"b":1}"#)
        check(Int?.none, "null")
        check(One(one: Int?.none), #"{"one":null}"#)
        #expect((try? read(One<Int?>.self, #"{"one":null}"#)) == One(one: nil))
    }

    @Test func `a scalar is a complete document`() {
        check("a", #""a""#)
        check(true, "true")
        check(0, "0")
        check(-1.5, "-1.5")
        check([[String]](), "[]")
    }

    @Test func `a superclass is encoded in a super object or in the same object`() throws {
        #expect(try written(Derived()) == #"{"own":2,"super":{"base":1}}"#)
        let back = try read(Derived.self, #"{"super":{"base":5},"own":6}"#)
        #expect(back.own == 6 && back.base == 5)
        #expect(try written(Beside()) == #"{"base":1,"own":2}"#)
        let beside = try read(Beside.self, #"{"base":5,"own":6}"#)
        #expect(beside.own == 6 && beside.base == 5)
    }

    @Test func `containers can be filled in any order`() throws {
        let value = Interleaved(points: [[1, 2], [3, 4]])
        let text = #"{"xs":[1,3],"count":2,"ys":[2,4],"list":[{"xs":"late"},[null],7]}"#
        #expect(try written(value) == text)
        #expect(try read(Interleaved.self, text) == value)
        #expect(
            try written([value], JSONCoder(sortsKeys: true))
                == #"[{"count":2,"list":[{"xs":"late"},[null],7],"xs":[1,3],"ys":[2,4]}]"#)
    }

    @Test func `the last value of a repeated key is used, even if the key is escaped`() throws {
        #expect(try read([String: Int].self, #"{"a":1,"b":2,"a":3}"#) == ["a": 3, "b": 2])
        #expect(try read([String: Int].self, #"{"a":1,"\u0061":3}"#) == ["a": 3])
        #expect(try read(One<Int>.self, #"{"one":"x","one":2}"#) == One(one: 2))
        #expect(try read(Shape.self, #"{"point":1,"point":{}}"#) == .point)
        let many = (0..<100).map { "\"k\($0)\":0,\"one\":\($0)" }.joined(separator: ",")
        #expect(try read(One<Int>.self, "{\(many)}") == One(one: 99))
        #expect(try read([String: Int].self, "{\(many)}").count == 101)
    }

    @Test func `keys are compared byte by byte`() throws {
        struct Cafe: Codable {
            var open: Int
            enum CodingKeys: String, CodingKey { case open = "caf\u{E9}" }
        }
        #expect(try read(Cafe.self, "{\"caf\u{E9}\":1}").open == 1)
        #expect(throws: DecodingError.self) { try read(Cafe.self, "{\"cafe\u{301}\":1}") }
    }

    @Test func `allKeys has each key once, in the order of their last occurrences`() throws {
        struct Keys: Decodable {
            var keys: [String]
            init(from decoder: any Decoder) throws {
                keys = try decoder.container(keyedBy: JSONKey.self).allKeys.map(\.stringValue)
            }
        }
        #expect(try read(Keys.self, #"{"b":1,"a":2,"\u0063":3,"b":4}"#).keys == ["a", "c", "b"])
    }

    @Test func `userInfo is passed to encoders and decoders`() throws {
        struct Informed: Codable, Equatable {
            static let key = CodingUserInfoKey(rawValue: "k")!
            var text: String
            init(from decoder: any Decoder) throws { text = decoder.userInfo[Self.key] as? String ?? "" }
            init(text: String) { self.text = text }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                try container.encode(encoder.userInfo[Self.key] as? String ?? "")
            }
        }
        let coder = JSONCoder(userInfo: [Informed.key: "info"])
        #expect(try written(Informed(text: "x"), coder) == #""info""#)
        #expect(try read([Informed].self, "[1]", coder) == [Informed(text: "info")])
    }

    @Test func `a container's coding path is the path of its value`() throws {
        struct Path: Codable {
            var path: String
            init(from decoder: any Decoder) throws { path = JSONPath.text(decoder.codingPath) }
            init() { path = "" }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                try container.encode(JSONPath.text(encoder.codingPath))
            }
        }
        #expect(
            try read([String: [One2<[Path]>]].self, #"{"a":[{"one":[1,2]}]}"#)["a"]?[0].one[1].path == "a[0].one[1]")
        #expect(try written(["a": [One2(one: [Path(), Path()])]]) == #"{"a":[{"one":["a[0].one[0]","a[0].one[1]"]}]}"#)
    }

    @Test(arguments: Seeds(20))
    func `random values are decoded as they were encoded`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        func text() -> String {
            (0..<Int.random(in: 0...8, using: &generator)).map { _ in
                ["a", "\"", "\\", "\n", "\u{0}", "é", "😀", "e\u{301}", "/", "\u{2028}"].randomElement(
                    using: &generator)!
            }.joined()
        }
        func person(_ depth: Int) -> Person {
            Person(
                name: text(),
                age: Bool.random(using: &generator) ? Int.random(in: .min ... .max, using: &generator) : nil,
                tags: (0..<Int.random(in: 0...3, using: &generator)).map { _ in text() },
                friend: depth > 0 ? (0..<Int.random(in: 0...2, using: &generator)).map { _ in person(depth - 1) } : nil)
        }
        for _ in 0..<50 {
            let people = ["a" + text(): person(3), "b": person(2)]
            for coder in [JSONCoder(), JSONCoder(keys: .snakeCase), JSONCoder(sortsKeys: true)] {
                let bytes = try coder.encode(people)
                #expect(try coder.decode([String: Person].self, from: bytes) == people, "seed \(seed)")
            }
            let sorted = JSONEncoder()
            sorted.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let foundation = try sorted.encode([people.first!.value])
            #expect(
                try JSONCoder().decode([Person].self, from: Bytes(foundation)) == [people.first!.value], "seed \(seed)")
        }
    }
}

private struct One2<Value: Codable>: Codable { var one: Value }
