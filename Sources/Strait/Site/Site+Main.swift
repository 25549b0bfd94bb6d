extension Site {
    /// The program's entry point. It runs the command line and exits with the result.
    @MainActor
    public static func main() async {
        await Program(site: Self()).main()
    }
}
