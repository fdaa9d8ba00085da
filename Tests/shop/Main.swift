import DemoShop

@main
struct Main {
    static func main() {
        Program.run()
    }
}
