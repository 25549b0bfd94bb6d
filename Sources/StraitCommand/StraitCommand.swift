import Strait

/// The program `strait`: what there is to do before there is a site; Django's `django-admin`.
@main struct StraitCommand {
    @MainActor static func main() async {
        await Program(commands: [StartProject.self]).main()
    }
}
