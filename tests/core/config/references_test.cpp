// SPDX-License-Identifier: Apache-2.0
// References: where values come from, and that none is ever shown.
#include "tests/core/config/config_fixture.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace carrick::config {
namespace {

namespace fs = std::filesystem;

/// A folder with a flows.yaml's neighbours; gone at the end.
class Folder {
public:
    Folder() {
        std::string name = (fs::temp_directory_path() / "carrick-config-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
        test_environment().clear();
    }
    ~Folder() {
        test_environment().clear();
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    void write(const std::string& name, const std::string& text, mode_t mode) const {
        fs::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name) << text;
        ::chmod((path_ / name).c_str(), mode);
    }
    [[nodiscard]] std::string path(const std::string& name) const {
        return (path_ / name).string();
    }
    [[nodiscard]] Loaded load(const std::string& text) const {
        return parse_config(text, path_ / "flows.yaml", test_plugins(), test_options());
    }

private:
    fs::path path_;
};

TEST_CASE("environment, secrets and files stand in for whole values", "[config]") {
    const Folder folder;
    folder.write("secrets/lwa", "s3cret\n", 0600);
    folder.write("keys/ns.pem", "-----BEGIN\nKEY\n", 0644);
    test_environment()["SELLER"] = "A9";
    std::string text = with("client_secret: s1", "client_secret: \"${secret:lwa}\"");
    text.replace(text.find("private_key: p"), 14, "private_key: \"${file:keys/ns.pem}\"");
    text.replace(text.find("A1SELLER"), 8, "${env:SELLER}");
    const Loaded loaded = folder.load("secrets: { dir: secrets }\n" + text);
    REQUIRE(problems_of(loaded) == "");
    const auto& connections = loaded.config->connections;
    CHECK(connections.at("seller-na").auth.at("client_secret").reveal() == "s3cret");
    CHECK(connections.at("seller-na").options["seller_id"] == Json("A9"));
    CHECK(connections.at("erp").auth.at("private_key").reveal() == "-----BEGIN\nKEY");
}

TEST_CASE("an environment value is typed by the schema and never parsed as YAML", "[config]") {
    const Folder folder;
    test_environment()["N"] = "7";
    Loaded loaded = folder.load(with("US: { subsidiary: 1", "US: { subsidiary: \"${env:N}\""));
    REQUIRE(problems_of(loaded) == "");
    CHECK(loaded.config->effective("sales", loaded.config->partitions("sales")[0])
              .settings["subsidiary"] == Json(7));
    test_environment()["N"] = "{ a: 1 }";
    const std::string problems =
        problems_of(folder.load(with("seller_id: A1SELLER", "seller_id: \"${env:N}\"")));
    CHECK(problems ==
          "7:16 config.value connections.seller-na.seller_id: expected letters, digits, "
          "_ and -, found the value of a reference");
}

TEST_CASE("a missing value says where was looked", "[config]") {
    const Folder folder;
    CHECK(problems_of(folder.load(with("A1SELLER", "${env:NOPE}"))) ==
          "7:16 config.environment connections.seller-na.seller_id: the environment variable NOPE "
          "is not set");
    test_environment()["CREDENTIALS_DIRECTORY"] = "/run/cred";
    CHECK(problems_of(folder.load("secrets: { dir: s }\n" +
                                  with("client_secret: s1", "client_secret: \"${secret:x}\""))) ==
          "10:44 config.secret connections.seller-na.auth.client_secret: there is no secret \"x\"; "
          "looked for " +
              folder.path("s/x") + " and /run/cred/x");
    CHECK(problems_of(folder.load(with("private_key: p", "private_key: \"${file:gone.pem}\""))) ==
          "14:75 config.file connections.erp.auth.private_key: the file " +
              folder.path("gone.pem") + " is not a file");
}

TEST_CASE("a secret that others can read is refused, systemd's folder has its own rights",
          "[config]") {
    const Folder folder;
    folder.write("secrets/x", "s3cret", 0644);
    const std::string text = with("client_secret: s1", "client_secret: \"${secret:x}\"");
    CHECK(problems_of(folder.load("secrets: { dir: secrets }\n" + text)) ==
          "10:44 config.secret connections.seller-na.auth.client_secret: the secret file " +
              folder.path("secrets/x") + " can be read by others; run chmod 600 on it");
    test_environment()["CREDENTIALS_DIRECTORY"] = folder.path("secrets");
    CHECK(problems_of(folder.load(text)) == "");
}

TEST_CASE("a reference is a whole value of a known kind with a plain name", "[config]") {
    const Folder folder;
    CHECK(problems_of(folder.load(with("A1SELLER", "A${env:X}"))).find("config.reference") !=
          std::string::npos);
    CHECK(problems_of(folder.load(with("A1SELLER", "${vault:X}")))
              .find("unknown kind of reference \"vault\"") != std::string::npos);
    CHECK(problems_of(folder.load(with("A1SELLER", "${secret:../x}")))
              .find("is not a secret's name") != std::string::npos);
}

TEST_CASE("no output shows what a reference held", "[config]") {
    const Folder folder;
    folder.write("secrets/key", "hunter2-secret", 0600);
    std::string text =
        "secrets: { dir: secrets }\n" +
        with("US: { subsidiary: 1", "US: { webhook_key: \"${secret:key}\", subsidiary: 1");
    const Loaded good = folder.load(text);
    REQUIRE(problems_of(good) == "");
    CHECK(describe_plan(*good.config).find("hunter2") == std::string::npos);
    CHECK(describe_plan(*good.config).find("settings.webhook_key = \"(secret)\"") !=
          std::string::npos);
    CHECK(plan_json(*good.config).dump().find("hunter2") == std::string::npos);
    const Loaded bad =
        folder.load("secrets: { dir: secrets }\n" +
                    with("US: { subsidiary: 1", "US: { subsidiary: \"${secret:key}\""));
    REQUIRE(bad.problems.size() == 1);
    CHECK(bad.problems[0].text().find("hunter2") == std::string::npos);
}

}  // namespace
}  // namespace carrick::config
