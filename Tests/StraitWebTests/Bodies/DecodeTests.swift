import StraitHTTP
import StraitRouting
import StraitWeb
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
    func `JSON and forms are read as the same value`(type: String, body: String) async throws {
        let order = try await Request(type, body).decode(Order.self)
        #expect(order == Order(item: "Tea", count: 2, price: 1.5, isGift: true, tags: ["a", "b"], size: .large))
    }

    @Test func `fields that are empty or missing are none, false or an empty list`() async throws {
        let order = try await Request("application/x-www-form-urlencoded", "item=&count=2&price=&size=")
            .decode(Order.self)
        #expect(order == Order(item: "", count: 2, price: nil, isGift: false, tags: [], size: nil))
    }

    @Test func `a multipart form is read too`() async throws {
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
        ("text/plain", "x", 415, "\"text/plain\" is not read"),
        ("application/json; charset=utf-16", "{}", 400, "Send it in UTF-8."),
    ])
    func `what does not fit is refused with what is wrong`(
        type: String, body: String, status: Int, text: String
    ) async throws {
        do {
            _ = try await Request(type, body).decode(Order.self)
            Issue.record("nothing was thrown")
        } catch let error as FormError {
            #expect(error.status.code == status)
            #expect(error.description.contains(text), "\(error)")
        }
    }

    @Test func `JSON past the limit is answered with 413`() async throws {
        var limits = FormLimits()
        limits.parts.fieldBytes = 5
        await #expect(throws: FormError.tooLarge(limit: 5)) {
            try await Request("application/json", "[1,2,3]").decode([Int].self, limits: limits)
        }
    }
}
