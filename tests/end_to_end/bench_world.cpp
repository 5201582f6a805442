// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/bench_world.hpp"

#include "examples/sandbox/client.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <thread>

namespace carrick::end_to_end {

namespace {

std::string read_file(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::stringstream text;
    text << stream.rdbuf();
    return text.str();
}

void write_file(const std::filesystem::path& file, const std::string& text) {
    std::ofstream stream(file, std::ios::binary);
    stream << text;
    REQUIRE(stream.good());
}

int wait_for(pid_t process) {
    int status = 0;
    while (waitpid(process, &status, 0) < 0)
        if (errno != EINTR) return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Sets the soft limit of a process (0 = this one; 0 bytes = as far as allowed); returns the old
/// one.
rlimit set_file_limit(pid_t process, std::uint64_t bytes) {
    rlimit old{};
    REQUIRE(::prlimit(process, RLIMIT_FSIZE, nullptr, &old) == 0);
    const rlimit wanted{bytes == 0 ? old.rlim_max : bytes, old.rlim_max};
    REQUIRE(::prlimit(process, RLIMIT_FSIZE, &wanted, nullptr) == 0);
    return old;
}

std::filesystem::path new_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "carrick-e2e-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    return pattern;
}

/// NetSuite's demo keys take a while to make; one set serves all worlds of this process.
const std::filesystem::path& shared_keys() {
    struct Keys {
        std::filesystem::path folder = new_folder();
        ~Keys() {
            std::error_code ignored;
            std::filesystem::remove_all(folder, ignored);
        }
    };
    static const Keys keys;
    return keys.folder;
}

}  // namespace

World::World(int orders, std::vector<std::string> options) : folder_(new_folder()) {
    std::filesystem::create_directories(folder_ / "var/quickstart");
    std::filesystem::create_directory_symlink(shared_keys(), folder_ / "var/quickstart/keys");
    write_file(folder_ / "flows.yaml", read_file(CARRICK_FLOWS));
    std::vector<std::string> arguments{"serve",
                                       "--ports-file",
                                       (folder_ / "ports.json").string(),
                                       "--keys",
                                       (folder_ / "var/quickstart/keys").string(),
                                       "--seed",
                                       "1",
                                       "--start",
                                       "2026-11-20T12:00:00Z",
                                       "--orders",
                                       std::to_string(orders),
                                       "--quotas",
                                       "off",
                                       "--speed",
                                       "6000",
                                       "--state",
                                       (folder_ / "sandbox-state").string()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    sandbox_ = spawn("carrick-sandbox", arguments, "sandbox");
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (read_file(folder_ / "ports.json").empty()) {
        INFO(text_of("sandbox.err"));
        REQUIRE(std::chrono::steady_clock::now() < limit);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    base_ = Json::parse(read_file(folder_ / "ports.json")).value()["base"].text();
}

World::~World() {
    for (const pid_t process : {engine_, sandbox_}) {
        if (process == 0) continue;
        ::kill(process, SIGKILL);
        wait_for(process);
    }
    if (std::getenv("CARRICK_KEEP_WORLDS") != nullptr) return;
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

World& World::replace(const std::string& what, const std::string& with) {
    std::string text = read_file(folder_ / "flows.yaml");
    const std::size_t at = text.find(what);
    INFO("flows.yaml has no \"" << what << "\"");
    REQUIRE(at != std::string::npos);
    for (std::size_t next = at; next != std::string::npos;
         next = text.find(what, next + with.size()))
        text.replace(next, what.size(), with);
    write_file(folder_ / "flows.yaml", text);
    return *this;
}

pid_t World::spawn(const std::string& program, const std::vector<std::string>& arguments,
                   const std::string& log) const {
    const std::string path = std::string(CARRICK_BIN) + "/" + program;
    std::vector<std::string> texts{path};
    texts.insert(texts.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& text : texts) argv.push_back(text.data());
    argv.push_back(nullptr);
    std::vector<std::string> variables{
        "PATH=/usr/bin:/bin",
        "CARRICK_AMAZON_URL=" + base_ + "/amazon",
        "CARRICK_AMAZON_TOKEN_URL=" + base_ + "/amazon/auth/o2/token",
        "CARRICK_NETSUITE_URL=" + base_ + "/netsuite",
        "CARRICK_NETSUITE_TOKEN_URL=" + base_ + "/netsuite/services/rest/auth/oauth2/v1/token",
        "CARRICK_LWA_SECRET=amzn1.oa2-cs.v1.carrick-sandbox-not-a-secret"};
    for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "TMPDIR"})
        if (const char* value = std::getenv(name))
            variables.push_back(std::string(name) + "=" + value);
    std::vector<char*> environment;
    for (std::string& variable : variables) environment.push_back(variable.data());
    environment.push_back(nullptr);

    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    const auto redirect = [&](int descriptor, const std::string& name) {
        posix_spawn_file_actions_addopen(&files, descriptor, (folder_ / name).c_str(),
                                         O_WRONLY | O_CREAT | O_TRUNC, 0600);
    };
    redirect(1, log + ".out");
    redirect(2, log + ".err");
    // A sandbox that outlives a test which was killed must hold nothing of that test's caller: a
    // lock would be held for ever.
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    pid_t process = 0;
    const int failed =
        posix_spawn(&process, path.c_str(), &files, nullptr, argv.data(), environment.data());
    posix_spawn_file_actions_destroy(&files);
    INFO(path);
    REQUIRE(failed == 0);
    return process;
}

std::string World::text_of(const std::string& file) const {
    return read_file(folder_ / file);
}

void World::start(const std::vector<std::string>& arguments) {
    REQUIRE(engine_ == 0);
    std::vector<std::string> all{"--config", (folder_ / "flows.yaml").string(), "--test-clock",
                                 "sandbox"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    // The child inherits the limit; posix_spawn cannot set one.
    const rlimit own = set_file_limit(0, file_limit_);
    engine_ = spawn("carrick", all, "engine");
    ::setrlimit(RLIMIT_FSIZE, &own);
}

void World::limit_files(std::uint64_t bytes) {
    file_limit_ = bytes;
    if (engine_ != 0) set_file_limit(engine_, bytes);
}

void World::send(int signal) const {
    REQUIRE(engine_ != 0);
    ::kill(engine_, signal);
}

Ended World::finish() {
    REQUIRE(engine_ != 0);
    const int code = wait_for(engine_);
    engine_ = 0;
    return {code, text_of("engine.out"), text_of("engine.err")};
}

Ended World::beside(const std::vector<std::string>& arguments) {
    std::vector<std::string> all{"--config", (folder_ / "flows.yaml").string(), "--test-clock",
                                 "sandbox"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const int code = wait_for(spawn("carrick", all, "beside"));
    return {code, text_of("beside.out"), text_of("beside.err")};
}

Ended World::carrick(const std::vector<std::string>& arguments) {
    start(arguments);
    return finish();
}

std::map<std::string, std::map<std::string, std::int64_t>> World::cross(int expected_code) {
    const Ended ended = carrick({"--json", "run", "--once"});
    INFO(ended.err);
    INFO(ended.out);
    CHECK(ended.code == expected_code);
    const Result<Json> json = Json::parse(ended.out);
    REQUIRE(json);
    std::map<std::string, std::map<std::string, std::int64_t>> counts;
    for (const Json& flow : json->items())
        for (const JsonMember& member : flow.members())
            if (const auto number = member.value.integer_if())
                counts[flow["flow"].text()][member.key] = *number;
    return counts;
}

Json World::get(const std::string& path) const {
    const Result<sandbox::Response> answer = sandbox::fetch("GET", base_ + "/_sandbox" + path);
    REQUIRE(answer);
    INFO(answer->body);
    REQUIRE(answer->status == 200);
    return Json::parse(answer->body).value();
}

Json World::post(const std::string& path, const Json& body) const {
    const Result<sandbox::Response> answer = sandbox::fetch(
        "POST", base_ + "/_sandbox" + path, {{"Content-Type", "application/json"}}, body.dump());
    REQUIRE(answer);
    INFO(answer->body);
    REQUIRE(answer->status < 300);
    return Json::parse(answer->body).value();
}

std::string World::documents() const {
    const Result<sandbox::Response> answer = sandbox::fetch("GET", base_ + "/_sandbox/documents");
    REQUIRE(answer);
    return answer->body;
}

int World::sales_orders() const {
    const std::string text = documents();
    int count = 0;
    for (std::size_t at = text.find("salesOrder "); at != std::string::npos;
         at = text.find("\nsalesOrder ", at + 1))
        ++count;
    return count;
}

void World::advance(std::chrono::seconds span) const {
    post("/clock", Json::object({{"advance_s", Json(std::int64_t{span.count()})}}));
}

Json World::end_of_sandbox() {
    REQUIRE(sandbox_ != 0);
    ::kill(sandbox_, SIGTERM);
    CHECK(wait_for(sandbox_) == 0);
    sandbox_ = 0;
    return Json::parse(read_file(folder_ / "sandbox-state/sandbox.json")).value();
}

void World::must_add_up(std::chrono::seconds grace, const std::string& asked) const {
    const Json verdict = get("/verdict?grace_s=" + std::to_string(grace.count()) + asked);
    INFO(verdict.pretty());
    CHECK(verdict["adds_up"].bool_if() == true);
    CHECK(verdict["required"].integer_if().value_or(0) > 0);
}

}  // namespace carrick::end_to_end
