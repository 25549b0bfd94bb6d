import Strait
import StraitTesting
import Testing

@Suite struct `Login and logout pages` {
    @Test func `a login leads to the next page, or to LOGIN_REDIRECT_URL`() async throws {
        try await withPages { site, database in
            try await database.makeUser("ann")
            let page = try await site.client.get("/accounts/login/?next=/mine/")
            #expect(page.status == .ok)
            #expect(page.text.contains(#"<input type="hidden" name="next" value="/mine/">"#))
            #expect(page.text.contains(#"autocomplete="current-password""#))
            #expect(page.text.contains(#"href="/accounts/signup/?next=/mine/""#))
            #expect(page.headers["cache-control"] == "max-age=0, no-cache, no-store, must-revalidate, private")
            let welcome = try await site.client.logIn("ann", next: "/mine/")
            #expect(welcome.status == .found)
            #expect(welcome.headers["location"] == "/mine/")
            #expect(try await site.client.get("/mine/").text == "mine of ann")
            #expect(try await site.client.logIn("ann").headers["location"] == "/")
            for evil in ["//evil", #"/\evil"#, "http://evil/", "javascript:alert(1)"] {
                let answer = try await site.client.logIn("ann", next: evil)
                #expect(answer.headers["location"] == "/", "\(evil)")
                let shown = try await site.client.get(
                    "/accounts/login/?next=" + QueryString([.init(name: "", value: evil)]).encoded.dropFirst())
                #expect(!shown.text.contains("name=\"next\""), "\(evil)")
            }
        }
    }

    @Test func `a wrong password has Django's error, and after too many a visitor must wait`() async throws {
        try await withPages { site, database in
            try await database.makeUser("ann")
            for _ in 0..<5 {
                let answer = try await site.client.logIn("ann", "wrong")
                #expect(answer.status == .unprocessableContent)
                #expect(
                    answer.text.contains(
                        "Please enter a correct username and password. Note that both fields may be case-sensitive."))
                #expect(!answer.text.contains("wrong"))
            }
            let answer = try await site.client.logIn("ann")
            #expect(answer.status == .tooManyRequests)
            #expect(answer.headers["retry-after"] == "1")
            #expect(answer.text.contains("Too many failed logins. Try again in 1 second."))
            let empty = try await site.client.post("/accounts/login/")
            #expect(empty.status == .unprocessableContent)
            #expect(empty.text.contains("This field is required."))
        }
    }

    @Test func `a logout needs POST, and shows a page or redirects`() async throws {
        try await withPages { site, database in
            try await database.makeUser("ann")
            _ = try await site.client.logIn("ann")
            #expect(try await site.client.get("/accounts/logout/").status == .methodNotAllowed)
            #expect(try await site.client.get("/mine/").status == .ok)
            let page = try await site.client.post("/accounts/logout/")
            #expect(page.text.contains("Thanks for spending some quality time with the web site today."))
            #expect(try await site.client.get("/mine/").status == .found)
            _ = try await site.client.logIn("ann")
            #expect(try await site.client.post("/accounts/logout/", form: ["next": "/x/"]).headers["location"] == "/x/")
            let evil = try await site.client.post("/accounts/logout/", form: ["next": "//evil"])
            #expect(evil.status == .ok)
        }
        try await withPages(settings: { $0.logoutRedirectURL = "home" }) { site, _ in
            let page = try await site.client.post("/accounts/logout/")
            #expect(page.headers["location"] == "/")
        }
    }

    @Test func `a visitor signs up and is logged in`() async throws {
        try await withPages { site, database in
            #expect(try await site.client.get("/accounts/signup/").text.contains("at least 8 characters"))
            func signUp(_ name: String, _ one: String, _ two: String, email: String = "") async throws -> HTTPResponse {
                try await site.client.post(
                    "/accounts/signup/", form: ["username": name, "email": email, "password1": one, "password2": two])
            }
            for (answer, error) in [
                (try await signUp("ann", "blue-ferry-9", "blue-ferry-8"), "The two password fields didn’t match."),
                (try await signUp("ann", "12345", "12345"), "This password is entirely numeric."),
                (try await signUp("ann smith", "blue-ferry-9", "blue-ferry-9"), "Enter a valid username."),
                (
                    try await signUp("blueferry", "blueferry9", "blueferry9"),
                    "The password is too similar to the username."
                ),
                (try await signUp("ann", "blue-ferry-9", "blue-ferry-9", email: "x"), "Enter a valid email address."),
            ] {
                #expect(answer.status == .unprocessableContent)
                #expect(answer.text.contains(error), "\(error)")
            }
            let answer = try await signUp("ａnn", "blue-ferry-9", "blue-ferry-9", email: "Ann@EXAMPLE.com")
            #expect(answer.headers["location"] == "/")
            #expect(try await site.client.get("/mine/").text == "mine of ann")
            let user = try await User.objects.get(in: database)
            #expect(user.email == "Ann@example.com")
            #expect(!user.isStaff && !user.isSuperuser)
            let taken = try await signUp("ANN", "blue-ferry-9", "blue-ferry-9")
            #expect(taken.text.contains("A user with that username already exists."))
        }
    }
}
