import Strait
import StraitTesting
import Testing

@Suite struct `Pages to change and reset a password` {
    @Test func `a changed password keeps this session and ends the others`() async throws {
        try await withPages { site, database in
            try await database.makeUser("ann")
            let other = site.makeClient()
            _ = try await site.client.logIn("ann")
            _ = try await other.logIn("ann")
            #expect(try await site.client.get("/accounts/password_change/").status == .ok)
            func change(_ old: String, _ new: String) async throws -> HTTPResponse {
                try await site.client.post(
                    "/accounts/password_change/",
                    form: ["old_password": old, "new_password1": new, "new_password2": new])
            }
            let wrong = try await change("wrong", "blue-ferry-9")
            #expect(wrong.status == .unprocessableContent)
            #expect(wrong.text.contains("Your old password was entered incorrectly. Please enter it again."))
            #expect(try await change("s3cret", "password").text.contains("This password is too common."))
            let done = try await change("s3cret", "blue-ferry-9")
            #expect(done.headers["location"] == "/accounts/password_change/done/")
            #expect(try await site.client.get("/accounts/password_change/done/").text.contains("was changed"))
            #expect(try await other.get("/mine/").status == .found)
            #expect(try await other.logIn("ann", "blue-ferry-9").status == .found)
            let visitor = site.makeClient()
            #expect(
                try await visitor.get("/accounts/password_change/").headers["location"]
                    == "/accounts/login/?next=/accounts/password_change/")
        }
    }

    @Test func `a link in a mail resets the password, once`() async throws {
        try await withPages { site, database in
            var ann = try await database.makeUser("ann")
            ann.email = "ann@example.com"
            _ = try await database.save(ann)
            let answer = try await site.client.post("/accounts/password_reset/", form: ["email": "ANN@example.com"])
            #expect(answer.headers["location"] == "/accounts/password_reset/done/")
            let mail = try #require(await site.outbox.first)
            #expect(mail.message.subject == "Password reset on testserver")
            #expect(mail.recipients == ["ann@example.com"])
            #expect(mail.message.body.contains("In case you’ve forgotten, you are: ann\n"))
            let link = try #require(
                mail.message.body.split(separator: "\n").first { $0.hasPrefix("http://testserver/accounts/reset/") })
            let path = String(link.dropFirst("http://testserver".count))
            let redirect = try await site.client.get(path)
            #expect(redirect.status == .found)
            #expect(redirect.headers["referrer-policy"] == "same-origin")
            let target = try #require(redirect.headers["location"])
            #expect(target.hasSuffix("/set-password/"))
            // Another visitor has no token in the session.
            #expect(try await site.makeClient().get(target).text.contains("The password reset link was invalid"))
            let page = try await site.client.get(target)
            #expect(page.text.contains("Please enter your new password twice"))
            #expect(page.headers["referrer-policy"] == "same-origin")
            let short = try await site.client.post(target, form: ["new_password1": "a", "new_password2": "a"])
            #expect(short.text.contains("This password is too short. It must contain at least 8 characters."))
            let form: KeyValuePairs = ["new_password1": "blue-ferry-9", "new_password2": "blue-ferry-9"]
            #expect(try await site.client.post(target, form: form).headers["location"] == "/accounts/reset/done/")
            #expect(try await site.client.get("/accounts/reset/done/").text.contains("Your password has been set."))
            #expect(try await site.client.post(target, form: form).text.contains("link was invalid"))
            #expect(try await site.client.get(path).text.contains("link was invalid"))
            #expect(try await site.client.logIn("ann", "blue-ferry-9").status == .found)
        }
    }

    @Test func `an unknown address, a deactivated user and one without a password get no mail and the same answer`()
        async throws
    {
        try await withPages { site, database in
            for (name, isActive) in [("bob", false), ("cy", true)] {
                var user = try await database.makeUser(name, isActive: isActive)
                user.email = "\(name)@example.com"
                if isActive { user.password = PasswordHashers.unusable() }
                _ = try await database.save(user)
            }
            for address in ["nobody@example.com", "bob@example.com", "cy@example.com", "a\u{0}@example.com"] {
                let answer = try await site.client.post("/accounts/password_reset/", form: ["email": address])
                if address.utf8.contains(0) {
                    #expect(answer.status == .unprocessableContent)
                } else {
                    #expect(answer.headers["location"] == "/accounts/password_reset/done/")
                }
            }
            #expect(await site.outbox.isEmpty)
            for path in ["x/y", "!!/a-b", "MQ/set-password", "MQ/1-2", "OTk/abc-def"] {
                let page = try await site.client.get("/accounts/reset/\(path)/")
                #expect(page.text.contains("The password reset link was invalid"), "\(path)")
            }
        }
    }

    @Test func `many requests for one address send a few mails, with the same answer`() async throws {
        try await withPages { site, database in
            var ann = try await database.makeUser("ann")
            ann.email = "ann@example.com"
            _ = try await database.save(ann)
            for _ in 0..<20 {
                let answer = try await site.client.post("/accounts/password_reset/", form: ["email": "ann@example.com"])
                #expect(answer.headers["location"] == "/accounts/password_reset/done/")
            }
            let count = await site.outbox.count
            #expect((5...8).contains(count), "\(count)")
        }
    }
}
