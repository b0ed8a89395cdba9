import ArgumentParser

@main
enum Entry {
    /// A command that is named is asked directly: the tree of all commands, with every flag of each, is only built for help
    /// and for mistakes, whose words it has. That saves a quarter of the time that a start takes.
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        let named = Oomwarden.configuration.subcommands.first { $0.configuration.commandName == arguments.first }
        guard let named, var command = parsed(named, Array(arguments.dropFirst())) else { return Oomwarden.main() }
        do { try command.run() } catch { named.exit(withError: error) }
    }

    /// nil where the arguments ask for help, or are wrong.
    private static func parsed(_ type: any ParsableCommand.Type, _ arguments: [String]) -> (any ParsableCommand)? {
        do { return try type.parseAsRoot(arguments) } catch { return nil }
    }
}
