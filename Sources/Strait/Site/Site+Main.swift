extension Site {
    /// The program's entry: does what the command line asks for and ends with its exit code.
    @MainActor
    public static func main() async {
        await Program(site: Self()).main()
    }
}
