// SPDX-License-Identifier: Apache-2.0
// The real program against the sandbox, measured from outside. The sandbox lives in this process,
// so that each request is seen at the moment it comes.
//   program_bench --program carrick --bare bare_client --flows flows.yaml --folder DIR [--quick]
//                 [--orders N] start|end_to_end|quota|memory...
#include "tests/bench/figures.hpp"
#include "tests/bench/program.hpp"
#include "tests/bench/recording.hpp"
#include "tests/bench/sandbox_host.hpp"

#include <sys/resource.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

namespace {

using namespace carrick;
using namespace carrick::bench;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

struct Options {
    std::string program;
    std::string bare;
    std::string flows;
    fs::path folder;
    bool quick = false;
    std::uint64_t orders = 0;  ///< instead of the benchmark's own number
    std::vector<std::string> names;
};

[[noreturn]] void wrong(const std::string& what) {
    std::fprintf(stderr, "program_bench: %s\n", what.c_str());
    std::exit(1);
}

std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

double own_cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

class Benchmarks {
public:
    explicit Benchmarks(Options options)
        : options_(std::move(options)),
          home_(options_.folder / "home"),
          host_((fs::create_directories(home_ / "keys"), (home_ / "keys").string())) {
        // flows.yaml of the quickstart, with its store and keys here.
        std::string flows = text_of(options_.flows);
        const std::string theirs = "var/quickstart";
        std::size_t replaced = 0;
        for (std::size_t at = flows.find(theirs); at != std::string::npos;
             at = flows.find(theirs, at + home_.string().size()), ++replaced)
            flows.replace(at, theirs.size(), home_.string());
        if (replaced < 2) wrong(options_.flows + " does not keep its files in " + theirs);
        std::ofstream(home_ / "flows.yaml") << flows;
    }

    void run(const std::string& name) {
        if (name == "start") return start();
        if (name == "end_to_end") return end_to_end();
        if (name == "quota") return quota();
        if (name == "memory") return memory();
        wrong("there is no benchmark " + name);
    }

private:
    [[nodiscard]] std::uint64_t orders_of(std::uint64_t quick, std::uint64_t full) const {
        return options_.orders != 0 ? options_.orders : options_.quick ? quick : full;
    }

    std::unique_ptr<Program> carrick(std::vector<std::string> more) {
        for (const char* file : {"carrick.db", "carrick.db-wal", "carrick.db-shm"})
            fs::remove(home_ / file);
        std::vector<std::string> command{
            options_.program, "--config", (home_ / "flows.yaml").string(),
            "--test-clock",   "sandbox",  "run"};
        command.insert(command.end(), more.begin(), more.end());
        const std::string& base = host_.base();
        return std::make_unique<Program>(
            command,
            std::vector<std::string>{
                "CARRICK_AMAZON_URL=" + base + "/amazon",
                "CARRICK_AMAZON_TOKEN_URL=" + base + "/amazon/auth/o2/token",
                "CARRICK_NETSUITE_URL=" + base + "/netsuite",
                "CARRICK_NETSUITE_TOKEN_URL=" + base +
                    "/netsuite/services/rest/auth/oauth2/v1/token",
                "CARRICK_LWA_SECRET=amzn1.oa2-cs.v1.carrick-sandbox-not-a-secret"},
            home_ / "log");
    }

    Taken finished(Program& program, std::chrono::seconds limit) {
        const Taken taken = program.wait(limit);
        if (taken.exit_code != 0)
            wrong("the program ended with " + std::to_string(taken.exit_code) + ":\n" +
                  text_of(home_ / "log").substr(0, 3000));
        return taken;
    }

    // From exec to the first searchOrders at the sandbox's door.
    void start() {
        std::vector<double> milliseconds;
        std::vector<double> empty;  // a start that does nothing
        const int runs = options_.quick ? 5 : 11;
        for (int run = 0; run < runs; ++run) {
            host_.begin(world_of(20, true, 100), false);
            const std::unique_ptr<Program> program = carrick({});
            std::optional<SteadyTime> first;
            while (!first) {
                for (const Exchange& exchange : host_.exchanges())
                    // Not the last words of the program before.
                    if (exchange.is_search() && exchange.began > program->started() && !first)
                        first = exchange.began;
                if (std::chrono::steady_clock::now() > program->started() + 30s)
                    wrong("no poll within 30 seconds:\n" + text_of(home_ / "log").substr(0, 3000));
                std::this_thread::sleep_for(2ms);
            }
            milliseconds.push_back(
                std::chrono::duration<double, std::milli>(*first - program->started()).count());
            Program version({options_.program, "--version"}, {}, home_ / "log");
            empty.push_back(finished(version, 30s).wall_seconds * 1000);
        }
        print({"start to first poll", sample_of(milliseconds), "ms",
               Baseline{"carrick --version", sample_of(empty)}, below(300)});
        note("start to first poll: with a new store each time, whose making waits for the disk.");
    }

    /// The product's run, and the bare client's with the same requests.
    struct Pair {
        Taken product;
        double bare_wall = 0, bare_cpu = 0;  ///< seconds, like all below
        double sandbox_under_product = 0, sandbox_under_bare = 0;
        double until_first_request = 0, after_last_answer = 0;  ///< of the product's wall
        std::size_t requests = 0;
        std::size_t width = 0;
    };

    Pair pair_of_runs(std::uint64_t orders, std::chrono::milliseconds distance) {
        Pair pair;
        host_.begin(world_of(orders, false, 100), true, distance);
        double before = own_cpu_seconds();
        const std::unique_ptr<Program> program = carrick({"--once"});
        const SteadyTime started = program->started();
        pair.product = finished(*program, 900s);
        pair.sandbox_under_product = own_cpu_seconds() - before;
        host_.require_that_it_adds_up();
        const UtcTime end = host_.sandbox().clock().now();

        const std::vector<Exchange> exchanges = host_.exchanges();
        const auto since_start = [&](SteadyTime time) {
            return std::chrono::duration<double>(time - started).count();
        };
        pair.until_first_request = since_start(exchanges.front().began);
        pair.after_last_answer = pair.product.wall_seconds - since_start(exchanges.back().ended);
        pair.requests = exchanges.size();
        pair.width = netsuite_width(exchanges);
        const fs::path recording = home_ / "recording";
        write_recording(exchanges, recording);

        host_.begin(world_of(orders, false, 100), false, distance);
        host_.sandbox().clock().set(end);  // later than every request of the recording
        before = own_cpu_seconds();
        Program client({options_.bare, recording.string(), host_.base()}, {}, home_ / "log");
        finished(client, 900s);
        pair.sandbox_under_bare = own_cpu_seconds() - before;
        const Result<Json> told = Json::parse(text_of(home_ / "log"));
        if (!told) wrong("bare_client said nothing of use");
        // Without its start and the reading of the recording.
        pair.bare_wall = static_cast<double>((*told)["wall_us"].integer_if().value()) / 1e6;
        pair.bare_cpu = static_cast<double>((*told)["cpu_us"].integer_if().value()) / 1e6;
        host_.require_that_it_adds_up();
        return pair;
    }

    template <class Of>
    static Sample sample_from(const std::vector<Pair>& pairs, Of&& of) {
        std::vector<double> runs;
        for (const Pair& pair : pairs) runs.push_back(of(pair));
        return sample_of(std::move(runs));
    }

    void end_to_end_at(std::uint64_t orders, int runs, std::chrono::milliseconds distance) {
        std::vector<Pair> pairs;
        for (int run = 0; run < runs; ++run) pairs.push_back(pair_of_runs(orders, distance));
        const std::string name =
            "end to end, " + std::to_string(orders) + " orders" +
            (distance > 0ms ? ", NetSuite " + std::to_string(distance.count()) + " ms away" : "");
        const auto print_pair = [&](const char* what, auto&& product, const char* baseline,
                                    auto&& bare, std::optional<Target> target) {
            print({name + what, sample_from(pairs, product), "s",
                   Baseline{baseline, sample_from(pairs, bare)}, target});
        };
        print_pair(
            ", wall", [](const Pair& pair) { return pair.product.wall_seconds; }, "bare cpprestsdk",
            [](const Pair& pair) { return pair.bare_wall; }, ratio_at_most(1.25));
        print_pair(
            ", processor", [](const Pair& pair) { return pair.product.cpu_seconds; },
            "bare cpprestsdk", [](const Pair& pair) { return pair.bare_cpu; }, std::nullopt);
        print_pair(
            ", the sandbox's processor",
            [](const Pair& pair) { return pair.sandbox_under_product; }, "under the bare client",
            [](const Pair& pair) { return pair.sandbox_under_bare; }, std::nullopt);
        const auto median = [&](auto&& of) { return digits(sample_from(pairs, of).median); };
        note(name + ": " + std::to_string(pairs.back().requests) + " requests, at most " +
             std::to_string(pairs.back().width) +
             " at a time to NetSuite in both; program and sandbox share the machine. The program's "
             "start (" +
             median([](const Pair& pair) { return pair.until_first_request; }) +
             " s to the first request) and end (" +
             median([](const Pair& pair) { return pair.after_last_answer; }) +
             " s after the last answer) are included.");
    }

    // Once as fast as the sandbox can, where every cycle of the program counts, and once with a
    // NetSuite that takes its time, though a small part of what the real one takes.
    void end_to_end() {
        const std::uint64_t orders = orders_of(500, 2'000);
        end_to_end_at(orders, options_.quick ? 1 : 5, 0ms);
        if (!options_.quick) end_to_end_at(orders, 3, 20ms);
    }

    // Amazon's own quotas on a fast clock. The share is of the pages that the rate alone allows
    // between the first page of an account's listing and its last. A new store does not know how
    // full Amazon's buckets are and counts on one token, so the burst does not flatter the share.
    void quota() {
        const std::uint64_t orders = orders_of(6'000, 20'000);
        // 179 s between two pages become 0.9 s: with less, this would measure the machine.
        constexpr std::int64_t kSpeed = 20'000;
        host_.begin(world_of(orders, true, kSpeed), false);
        const std::unique_ptr<Program> program = carrick({"--once"});
        finished(*program, 900s);
        // Orders that were paid for meanwhile are left to the next poll.
        host_.require_that_it_adds_up(host_.sandbox().clock().now() -
                                      host_.sandbox().world().options().start + 10min);

        std::map<std::string, std::vector<UtcTime>> pages;  // of a listing under way, by account
        std::size_t refused = 0;
        for (const Exchange& exchange : host_.exchanges()) {
            if (exchange.status == 429) ++refused;
            if (!exchange.is_search()) continue;
            // Access tokens change meanwhile; what an account asks for does not.
            const std::string& target = exchange.request.target;
            const std::size_t at = target.find("marketplaceIds=");
            if (at == std::string::npos) wrong("a listing names no marketplaces: " + target);
            const std::string account = target.substr(at, target.find('&', at) - at);
            std::vector<UtcTime>& listing = pages[account];
            if (exchange.is_next_page() || listing.empty()) listing.push_back(exchange.at);
        }
        const Sample none{static_cast<double>(refused), static_cast<double>(refused),
                          static_cast<double>(refused)};
        print({"official quotas, refused (429)", none, "answers", std::nullopt, at_most(0)});
        std::vector<double> shares;
        std::size_t longest = 0;
        for (const auto& [account, listing] : pages) {
            longest = std::max(longest, listing.size());
            if (listing.size() < 10) continue;
            const auto span = static_cast<double>((listing.back() - listing.front()).count());
            constexpr double kMillisecondsAPage = 1e6 / 5.6;  // 0.0056 requests a second
            shares.push_back(100.0 * static_cast<double>(listing.size() - 1) * kMillisecondsAPage /
                             span);
        }
        if (shares.empty()) wrong("no account had ten pages to list");
        print({"official quotas, share of searchOrders used", sample_of(shares), "%", std::nullopt,
               at_least(95)});
        note("official quotas: " + std::to_string(orders) + " orders, up to " +
             std::to_string(longest) + " pages an account, the sandbox's clock " +
             std::to_string(kSpeed / 100) + " times as fast.");
    }

    void memory() {
        const std::uint64_t orders = orders_of(5'000, 100'000);
        host_.begin(world_of(20, false, 100), false);
        const Taken few = finished(*carrick({"--once"}), 100s);
        host_.begin(world_of(orders, false, 100), false);
        const Taken taken = finished(*carrick({"--once"}), 1'800s);
        host_.require_that_it_adds_up();
        const Sample peak{taken.peak_mebibytes, taken.peak_mebibytes, taken.peak_mebibytes};
        print({"resident memory, " + std::to_string(orders) + " orders", peak, "MiB",
               Baseline{"20 orders", {few.peak_mebibytes, few.peak_mebibytes, few.peak_mebibytes}},
               below(150)});
        note("resident memory: the run took " + digits(taken.wall_seconds) + " s of the wall and " +
             digits(taken.cpu_seconds) + " s of the processor.");
    }

    Options options_;
    fs::path home_;
    SandboxHost host_;
};

}  // namespace

int main(int argc, char** argv) {
    Options options;
    const std::map<std::string, std::string*> words{
        {"--program", &options.program}, {"--bare", &options.bare}, {"--flows", &options.flows}};
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        const auto known = words.find(word);
        if (word == "--quick")
            options.quick = true;
        else if (known != words.end() && i + 1 < argc)
            *known->second = argv[++i];
        else if (word == "--folder" && i + 1 < argc)
            options.folder = argv[++i];
        else if (word == "--orders" && i + 1 < argc)
            options.orders = std::strtoull(argv[++i], nullptr, 10);
        else
            options.names.push_back(word);
    }
    if (options.program.empty() || options.flows.empty() || options.folder.empty())
        wrong("--program, --flows and --folder are needed");
    const std::vector<std::string> names = options.names;
    Benchmarks benchmarks(std::move(options));
    for (const std::string& name : names) benchmarks.run(name);
    return 0;
}
