import FormScripts
import Foundation
import StraitCore
import StraitForms
import StraitHTTP
import Testing

@Suite struct DecodeTests {
    struct Order: Decodable, Equatable, Sendable {
        enum Size: String, Decodable { case small, large }
        var item: String
        var count: Int
        var price: Double?
        var isGift = false
        var tags: [String]
        var size: Size?
    }

    @Test(arguments: [
        (
            "application/json",
            #"{"item": "Tea", "count": 2, "price": 1.5, "isGift": true, "tags": ["a", "b"], "size": "large"}"#
        ),
        (
            "application/vnd.api+json; charset=UTF-8",
            #"{"item": "Tea", "count": 2, "price": 1.5, "isGift": true, "tags": ["a", "b"], "size": "large"}"#
        ),
        ("application/x-www-form-urlencoded", "item=Tea&count=2&price=1.5&isGift=on&tags=a&tags=b&size=large"),
    ])
    func `JSON and form bodies decode to the same value`(type: String, body: String) async throws {
        let order = try await Request(type, body).decode(Order.self)
        #expect(order == Order(item: "Tea", count: 2, price: 1.5, isGift: true, tags: ["a", "b"], size: .large))
    }

    @Test func `an empty or missing field decodes to nil, false or an empty array`() async throws {
        let order = try await Request("application/x-www-form-urlencoded", "item=&count=2&price=&size=")
            .decode(Order.self)
        #expect(order == Order(item: "", count: 2, price: nil, isGift: false, tags: [], size: nil))
    }

    @Test func `a multipart form is decoded`() async throws {
        let body = part("name=item", "Tea") + part("name=count", "2") + "--b--"
        #expect(try await Request(Request.multipart, body).decode(Order.self).count == 2)
    }

    @Test(arguments: [
        ("application/x-www-form-urlencoded", "item=Tea", 400, "'count' is missing. Send it."),
        ("application/x-www-form-urlencoded", "item=Tea&count=two", 400, "'count' is not of type Int."),
        ("application/x-www-form-urlencoded", "item=Tea&count=1&isGift=maybe", 400, "'isGift' is not of type Bool."),
        ("application/x-www-form-urlencoded", "item=Tea&count=1&size=huge", 400, "'size' cannot be read"),
        ("application/json", #"{"item": "Tea", "tags": []}"#, 400, "Missing 'count' at offset 0."),
        (
            "application/json", #"{"item": "Tea", "count": "2", "tags": []}"#, 400,
            "Expected a whole number at count (offset 25), not a string."
        ),
        (
            "application/json", #"{"item": "Tea", "count": 2, "tags": [],}"#, 400,
            "Invalid JSON at offset 38: a trailing comma is not allowed."
        ),
        ("application/json", "{", 400, "Invalid JSON at offset 1: the text ends where a key is expected."),
        ("text/plain", "x", 415, "\"text/plain\" is not accepted here"),
        ("application/json; charset=utf-16", "{}", 400, "Send it in UTF-8."),
    ])
    func `a body that cannot be decoded is rejected with the reason`(
        type: String, body: String, status: Int, text: String
    ) async throws {
        do {
            _ = try await Request(type, body).decode(Order.self)
            Issue.record("Expected an error")
        } catch let error as FormError {
            #expect(error.status.code == status)
            #expect(error.description.contains(text), "\(error)")
        }
    }

    @Test func `JSON over the size limit throws FormError.tooLarge`() async throws {
        var limits = FormLimits()
        limits.parts.fieldBytes = 5
        await #expect(throws: FormError.tooLarge(limit: 5)) {
            try await Request("application/json", "[1,2,3]").decode([Int].self, limits: limits)
        }
    }
}

/// Decoding accepts the same numbers and dates as form fields.
@Suite struct `Form numbers and dates` {
    struct Numbers: Decodable, Sendable {
        var double: Double?
        var float: Float?
        var int: Int?
        var small: Int8?
        var large: UInt64?
        var decimal: Decimal?
        var date: Date?
        var list: [Double] = []
        enum CodingKeys: CodingKey { case double, float, int, small, large, decimal, date, list }
    }

    private func decode(_ body: String) async throws -> Numbers {
        try await Request("application/x-www-form-urlencoded", ScriptedBody([Bytes(body + "&list=1")])).decode(
            Numbers.self)
    }

    @Test(arguments: [
        "double=nan", "double=inf", "double=-Infinity", "double=0x1p3", "double=1e999", "double=1_000", "double=1e",
        "double=%2B-1", "double=+", "float=nan", "float=0x1", "float=1e39", "int=0x10", "int=1.5", "int=1e3", "int=--1",
        "int=9223372036854775808", "small=128", "small=-129", "large=-1", "large=18446744073709551616", "decimal=nan",
        "decimal=0x1p3", "decimal=1e99", "date=nan", "date=inf", "date=1e13", "date=-1e13", "date=1e300", "list=nan",
        "list=0x1p3",
    ])
    func `a number or date that a form field rejects is rejected with 400`(body: String) async throws {
        do {
            _ = try await decode(body)
            Issue.record("Expected an error")
        } catch let error as FormError {
            #expect(error.status == .badRequest)
            #expect(error.description.utf8.first == UInt8(ascii: "'"), "\(error)")
        }
    }

    @Test func `a number or date that a form field accepts is decoded`() async throws {
        let numbers = try await decode(
            "double=+1.5e3+&float=.5&int=%2B5&small=-128&large=18446744073709551615&decimal=0.07&date=0&list=1.")
        #expect(numbers.double == 1500)
        #expect(numbers.float == 0.5)
        #expect(numbers.int == 5)
        #expect(numbers.small == -128)
        #expect(numbers.large == .max)
        #expect(numbers.decimal == Decimal(string: "0.07"))
        #expect(numbers.date == Date(timeIntervalSinceReferenceDate: 0))
        #expect(numbers.list == [1, 1])
        #expect(try await decode("int=7.0").int == 7)
    }

    @Test(arguments: ["1e13", "-1e13", "1e300", "0", "\"10000-01-01T00:00:00Z\"", "\"0000-12-31T23:59:59Z\""])
    func `a JSON date must be an ISO 8601 string in the years 1 to 9999`(date: String) async throws {
        struct Event: Decodable, Sendable { var at: Date }
        do {
            _ = try await Request("application/json", ScriptedBody([Bytes("{\"at\": \(date)}")])).decode(Event.self)
            Issue.record("Expected an error")
        } catch let error as FormError {
            #expect(error.status == .badRequest)
        }
        let body = ScriptedBody(["{\"at\": \"2001-01-01T00:00:00.500Z\"}"])
        let event = try await Request("application/json", body).decode(Event.self)
        #expect(event.at == Date(timeIntervalSinceReferenceDate: 0.5))
    }
}
