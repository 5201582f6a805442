// SPDX-License-Identifier: Apache-2.0
// The program as people and scripts meet it: words, streams, exit codes, and what still works while
// flows.yaml is being edited.
#include "core/store/sqlite/sqlite_store.hpp"

#include <carrick/sdk/json.hpp>

#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

using namespace carrick;
using Catch::Matchers::Contains;
using Catch::Matchers::Equals;

namespace {

const std::string kFlows = R"(version: 1
store: { path: carrick.db }
connections:
  seller:
    id: NA1
    connector: amazon
    region: na
    seller_id: A2SELLER
    auth: { client_id: c, client_secret: "${secret:lwa}", refresh_token: "${secret:token}" }
  erp:
    id: ERP
    connector: netsuite
    account: TSTDRV1
    auth: { method: oauth2, client_id: c, certificate_id: k, private_key: "${file:key.pem}" }
defaults: { books_zone: America/Los_Angeles }
marketplaces:
  US: { currency: USD }
flows:
  orders: { plugin: amazon_orders, source: seller, marketplaces: [US], start: 2026-11-01 }
  customers: { plugin: mfn_customer_import, from: orders, target: erp }
)";

/// The same file with its secrets written out.
std::string without_secrets() {
    std::string text = kFlows;
    for (const std::string secret : {"${secret:lwa}", "${secret:token}", "${file:key.pem}"})
        text.replace(text.find(secret), secret.size(), "given");
    return text;
}

struct Ended {
    int code = 0;
    std::string out;
    std::string err;
};

class Desk {
public:
    explicit Desk(const std::string& flows = kFlows) {
        static std::atomic<int> count{0};
        folder = std::filesystem::temp_directory_path() /
                 ("carrick_app_" + std::to_string(getpid()) + "_" + std::to_string(count++));
        std::filesystem::create_directories(folder);
        write("flows.yaml", flows);
    }
    ~Desk() {
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder / name, std::ios::binary) << text;
    }
    [[nodiscard]] std::string text_of(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(folder / name, std::ios::binary).rdbuf();
        return text.str();
    }
    /// A store that an engine has opened once.
    void make_store() const {
        store::SqliteOptions options;
        options.path = folder / "carrick.db";
        REQUIRE(store::open_sqlite_store(options));
    }
    /// A sink in the folder `more`, with a library that can be loaded.
    void bring_plugin(const std::string& name, const std::string& operations) const {
        std::filesystem::create_directory(folder / "more");
        std::filesystem::copy_file(CARRICK_PLUGINS "/mfn_customer_import.so",
                                   folder / "more" / (name + ".so"));
        write("more/" + name + ".json",
              R"({"name":")" + name +
                  R"(","version":"1.0.0","summary":"A test.","vendor":"Carrick",
                     "licence":"Apache-2.0","abi":"0.1","kind":"sink","roles":["target"],
                     "input":["amazon.order/1"],"operations":[)" +
                  operations + "]}");
    }
    /// The script runs with $CARRICK as the program, without any secret of ours.
    [[nodiscard]] Ended shell(const std::string& script) const {
        write("run.sh", "CARRICK='" CARRICK_PROGRAM "'\n" + script + "\n");
        const std::string command =
            "cd '" + folder.string() +
            "' && env -i PATH=\"$PATH\" CARRICK_PLUGIN_PATH='" CARRICK_PLUGINS
            "' bash run.sh >out.txt 2>err.txt";
        const int status = std::system(command.c_str());
        return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, text_of("out.txt"),
                text_of("err.txt")};
    }
    [[nodiscard]] Ended carrick(const std::string& words) const {
        return shell("\"$CARRICK\" " + words);
    }

    std::filesystem::path folder;
};

auto lines_in(const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
}

}  // namespace

// ---- words ----

TEST_CASE("a misspelled command names the nearest one", "[app][words]") {
    const Desk desk;
    const auto said = [&](const std::string& words) {
        const Ended ended = desk.carrick(words);
        CHECK(ended.code == 2);
        CHECK(ended.out.empty());
        return ended.err;
    };
    CHECK(said("rn") == "error: carrick knows no command \"rn\"; did you mean \"run\"?\n");
    CHECK(said("errors lst") ==
          "error: carrick errors knows no command \"lst\"; did you mean \"list\"?\n");
    CHECK(said("flows alow orders") ==
          "error: carrick flows knows no command \"alow\"; did you mean \"allow\"?\n");
    CHECK(said("hlp") == "error: carrick knows no command \"hlp\"; did you mean \"help\"?\n");
    CHECK(said("help erors") ==
          "error: carrick knows no command \"erors\"; did you mean \"errors\"?\n");
    CHECK(said("run --dry-rn") ==
          "error: carrick run knows no option \"--dry-rn\"; did you mean \"--dry-run\"?\n");
    CHECK(said("backfil orders") ==
          "error: carrick knows no command \"backfil\"; did you mean \"backfill\"?\n");
    CHECK(said("snyc order 1") ==
          "error: carrick knows no command \"snyc\"; did you mean \"sync\"?\n");
    CHECK(said("backfill orders --form 2026-11-01") ==
          "error: carrick backfill knows no option \"--form\"; did you mean \"--from\"?\n");
    CHECK(said("whatever") ==
          "error: carrick knows no command \"whatever\"; `carrick --help` lists what there is\n");
    CHECK(said("errors") ==
          "error: carrick errors needs one word more: list, show, retry, resolve\n");
}

TEST_CASE("help shows the program, a command, and a command of a command", "[app][words]") {
    const Desk desk;
    const Ended all = desk.carrick("help");
    CHECK(all.code == 0);
    CHECK_THAT(all.out, Contains("validate") && Contains("errors"));
    CHECK_THAT(desk.carrick("help errors").out, Contains("retry"));
    CHECK_THAT(desk.carrick("help errors list").out, Contains("--fingerprint"));
}

// ---- streams ----

TEST_CASE("output that does not arrive is a failure", "[app][streams]") {
    const Desk desk(without_secrets());
    for (const char* words : {"plan --offline", "validate", "--help", "--version", "flows",
                              "operations", "plugin list", "help run"}) {
        INFO(words);
        const Ended ended = desk.carrick(std::string(words) + " > /dev/full");
        CHECK(ended.code == 1);
        CHECK_THAT(ended.err, Contains("error: standard output is not complete: "
                                       "No space left on device (output.failed)"));
    }
    const Ended closed = desk.carrick("plan --offline >&-");
    CHECK(closed.code == 1);
    CHECK_THAT(closed.err, Contains("standard output is not complete"));
}

TEST_CASE("a reader that has seen enough ends the output quietly", "[app][streams]") {
    const Desk desk(without_secrets());
    for (const char* words : {"plan --offline", "--json operations", "validate"}) {
        INFO(words);
        // The reader is gone before a word is written.
        const Ended ended = desk.shell("{ sleep 0.2; \"$CARRICK\" " + std::string(words) +
                                       "; echo $? > code; } | true");
        CHECK(ended.err.empty());
        CHECK_THAT(desk.text_of("code"), Equals("0\n"));
    }
}

// ---- flows.yaml ----

TEST_CASE("commands on the store need no secret", "[app][outline]") {
    const Desk desk;
    desk.make_store();
    CHECK(desk.carrick("validate").code == 2);  // the three secrets are not there
    for (const char* words : {"flows", "runs", "errors list"}) {
        INFO(words);
        const Ended ended = desk.carrick(words);
        CHECK(ended.code == 0);
        CHECK(ended.err.empty());
    }
    CHECK_THAT(desk.carrick("flows").out, Contains("orders") && Contains("customers"));
    const Ended shown = desk.carrick("errors show 1");
    CHECK(shown.code == 1);
    CHECK_THAT(shown.err, Contains("there is no error 1"));
    const Ended retried = desk.carrick("errors retry --flow customers");
    CHECK(retried.code == 1);  // it came as far as the queue, which is empty
    CHECK_THAT(retried.err, Contains("no open error matches"));
    CHECK(desk.carrick("flows allow customers").code == 0);
    const Ended resolved = desk.carrick("errors resolve 1 2 --reason 'booked by hand'");
    CHECK(resolved.code == 1);
    CHECK_THAT(resolved.err, Contains("error 1 does not exist"));
    CHECK_THAT(desk.carrick("errors resolve 1 --reason ' '").err, Contains("\"reason\": \"...\""));
    const Ended without_reason = desk.carrick("errors resolve 1");
    CHECK(without_reason.code == 2);
    CHECK_THAT(without_reason.err, Contains("--reason is required"));
}

TEST_CASE("a slip elsewhere in the file is one warning to the commands on the store",
          "[app][outline]") {
    for (const auto& [right, wrong] :
         {std::pair{"region: na", "regin: na"}, std::pair{"id: NA1", "id: [NA1"},
          std::pair{"source: seller", "sorce: seler"}}) {
        std::string text = kFlows;
        text.replace(text.find(right), std::string(right).size(), wrong);
        INFO(wrong);
        const Desk desk(text);
        desk.make_store();
        for (const char* words : {"flows", "runs", "errors list", "flows allow customers"}) {
            INFO(words);
            const Ended ended = desk.carrick(words);
            CHECK(ended.code == 0);
            CHECK_THAT(ended.err,
                       Contains("warning: flows.yaml:") && Contains("`carrick validate` shows"));
            CHECK(lines_in(ended.err) == 1);
        }
    }
}

TEST_CASE("a slip in the section of the store stops, because another store might be meant",
          "[app][outline]") {
    for (const char* wrong : {"store: { pth: carrick.db }", "stor: { path: carrick.db }",
                              "store: { path: [carrick.db }", "store: { path: [a, b] }"}) {
        std::string text = kFlows;
        const std::string right = "store: { path: carrick.db }";
        text.replace(text.find(right), right.size(), wrong);
        INFO(wrong);
        const Desk desk(text);
        desk.make_store();
        const Ended ended = desk.carrick("errors list");
        CHECK(ended.code == 2);
        CHECK_THAT(ended.err, Contains("flows.yaml:2:"));
    }
}

TEST_CASE("what is no file is called what it is", "[app][outline]") {
    const Desk desk;
    CHECK_THAT(desk.carrick("--config . validate").err,
               Contains(".: is a folder; name the file in it, such as ./flows.yaml"));
    CHECK_THAT(desk.shell("mkfifo pipe; \"$CARRICK\" --config pipe errors list").err,
               Contains("pipe: is a pipe; expected a file"));
    CHECK_THAT(desk.carrick("--config /dev/null validate").err,
               Contains("/dev/null: is a device; expected a file"));
    CHECK_THAT(desk.carrick("--config nowhere.yaml flows").err,
               Contains("nowhere.yaml: there is no such file"));
    CHECK_THAT(desk.shell("ln -s loop.yaml loop.yaml; \"$CARRICK\" -c loop.yaml flows").err,
               Contains("loop.yaml: cannot be looked at: Too many levels of symbolic links"));
}

TEST_CASE("before the first run there is nothing yet, and a word how to begin", "[app][outline]") {
    const Desk desk;
    const Ended listed = desk.carrick("errors list");
    CHECK(listed.code == 0);
    CHECK(listed.out == "No errors.\n");
    CHECK(listed.err == "nothing has run yet: there is no carrick.db; `carrick run` makes it\n");
    CHECK(desk.carrick("--json errors list").out == "[]\n");
    CHECK(desk.carrick("--json runs").out == "[]\n");
    CHECK(desk.carrick("flows").code == 0);
    CHECK(desk.carrick("errors retry 1").code == 1);
    CHECK(desk.carrick("errors resolve 1 --reason done").code == 1);
    CHECK_FALSE(std::filesystem::exists(desk.folder / "carrick.db"));
}

// ---- validate ----

TEST_CASE("validate looks at the libraries that would be loaded", "[app][validate]") {
    const Desk desk(without_secrets() + "  mine: { plugin: mine, from: orders, target: erp }\n");
    CHECK_THAT(desk.carrick("validate").err, Contains("there is no plugin \"mine\""));
    desk.bring_plugin("mine", R"("netsuite.records.get")");
    CHECK(desk.carrick("--plugin-path more validate").code == 0);
    desk.write("more/mine.so", "half a lib");
    const Ended broken = desk.carrick("--plugin-path more validate");
    CHECK(broken.code == 2);
    CHECK_THAT(broken.err, Contains("flows.yaml:21:19: flows.mine.plugin: ") &&
                               Contains("more/mine.so: not an ELF file"));
    CHECK(broken.out == "1 problem\n");
    std::filesystem::remove(desk.folder / "more" / "mine.so");
    std::filesystem::create_symlink("mine.so", desk.folder / "more" / "mine.so");
    CHECK_THAT(desk.carrick("--plugin-path more validate").err,
               Contains("mine.so: Too many levels of symbolic links"));
}

TEST_CASE("validate refuses operations that no connection offers", "[app][validate]") {
    const Desk desk(without_secrets() + "  mine: { plugin: mine, from: orders, target: erp }\n");
    desk.bring_plugin("mine", R"("netsuite.record.create","netsuite.records.get")");
    const Ended ended = desk.carrick("--plugin-path more validate");
    CHECK(ended.code == 2);
    CHECK_THAT(ended.err,
               Contains("flows.yaml:21:19: flows.mine.plugin: plugin mine calls what this engine "
                        "does not offer: netsuite.record.create (did you mean "
                        "netsuite.records.create?); `carrick operations` lists what it does"));
    CHECK(ended.out == "1 problem\n");
    const Json told = Json::parse(desk.carrick("--plugin-path more --json validate").out).value();
    CHECK(told["problems"].items()[0]["code"].text() == "plugin.unknown_operation");
}

TEST_CASE("validate warns of a marketplace that is read and described nowhere", "[app][validate]") {
    std::string text = without_secrets();
    text.replace(text.find("[US]"), 4, "[US, CA]");
    const Desk desk(text);
    const Ended ended = desk.carrick("validate");
    CHECK(ended.code == 0);
    CHECK_THAT(ended.err, Contains("warning: flows.yaml:19:") &&
                              Contains("CA is read, but `marketplaces` has no entry for it"));
    CHECK(lines_in(ended.err) == 1);
}
