import ExampleLook
import Strait

/// The form for entering a room under a name.
final class EnterForm: Form {
    let room = CharField(
        help: "Letters from a to z, digits, hyphens and underscores.", initial: "lobby",
        validators: [Validator { if RoomName($0) == nil { throw ValidationError(RoomName.rule) } }])
    let name = CharField(
        label: "Your name",
        validators: [Validator { if PersonName($0) == nil { throw ValidationError(PersonName.rule) } }])
}

/// The page with the form. It works without JavaScript and shows errors next to the fields.
struct Lobby: GetView, PostView {
    func get(_ request: Request) async throws -> Response {
        try request.page("chat/lobby.html", ["form": TemplateValue(EnterForm())])
    }

    func post(_ request: Request) async throws -> Response {
        let form = try await EnterForm(request)
        let isUser = try await ChatName.user(of: request.scope) != nil
        if !isUser, form.isValid, try await ChatName.isTaken(form.name.value, request.services) {
            form.addError(ChatName.taken, to: form.name)
        }
        guard form.isValid else {
            return try request.page("chat/lobby.html", ["form": TemplateValue(form)], status: form.status)
        }
        var response = try request.redirect(to: "chat:room", ["room": form.room.value])
        // A user's name comes from the login.
        if isUser { return response }
        let name = QueryString([QueryString.Item(name: "name", value: form.name.value)]).encoded
        response.headers["location"] = (response.headers["location"] ?? "") + "?" + name
        return response
    }
}
