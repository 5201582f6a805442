// SPDX-License-Identifier: Apache-2.0
// Connections: what they become, and every rule of theirs with the place of its problem.
#include "tests/core/config/config_fixture.hpp"

#include <catch2/catch.hpp>

namespace carrick::config {
namespace {

TEST_CASE("a connection keeps its options typed and its credentials apart", "[config]") {
    const Loaded loaded = parsed(with("account: TSTDRV1234567",
                                      "account: TSTDRV1234567\n    concurrency: 5\n    "
                                      "read_timeout: 90s\n    ca_file: tls/ca.pem\n"
                                      "    base_url: http://127.0.0.1:8080"));
    REQUIRE(problems_of(loaded) == "");
    const ConnectionConfig& erp = loaded.config->connections.at("erp");
    CHECK(erp.id == "ERP");
    CHECK(erp.connector == ConnectorKind::NetSuite);
    CHECK(erp.mode == Mode::Shadow);
    CHECK(erp.mark.line == 10);
    CHECK(erp.options.dump() ==
          R"({"account":"TSTDRV1234567","concurrency":5,"base_url":"http://127.0.0.1:8080",)"
          R"("ca_file":"/etc/carrick/tls/ca.pem","read_timeout":90000})");
    CHECK(erp.auth.at("private_key").reveal() == "p");
    CHECK(erp.auth.at("method").reveal() == "oauth2");
    const ConnectionConfig& seller = loaded.config->connections.at("seller-na");
    CHECK(seller.mode == Mode::Live);
    CHECK(seller.options.dump() == R"({"region":"na","seller_id":"A1SELLER"})");
}

TEST_CASE("an id has 2 to 8 capital letters and digits and is never used twice", "[config]") {
    CHECK(problems_of(with("id: NA1", "id: na-1")) ==
          "4:9 config.value connections.seller-na.id: expected 2 to 8 capital letters and digits, "
          "found \"na-1\"");
    CHECK(problems_of(with("id: ERP", "id: NA1")) ==
          "11:9 config.duplicate_id connections.erp.id: the id NA1 is also that of connection "
          "seller-na; each connection needs its own");
    CHECK(problems_of(with("    id: ERP\n", "")) ==
          "11:5 config.missing connections.erp.id: is missing; expected 2 to 8 capital letters and "
          "digits, such as NA1; it goes into external ids and never changes");
}

TEST_CASE("an unknown connector is named with the nearest one", "[config]") {
    CHECK(problems_of(with("connector: netsuite", "connector: netsuit"))
              .find("12:16 config.value connections.erp.connector: expected amazon or netsuite, "
                    "found \"netsuit\" (netsuite)") != std::string::npos);
}

TEST_CASE("a key of the other connector is unknown", "[config]") {
    CHECK(problems_of(with("region: na", "region: na\n    concurrency: 5")) ==
          "7:5 config.unknown_key connections.seller-na.concurrency: unknown key");
}

TEST_CASE("credentials are complete", "[config]") {
    CHECK(problems_of(with(", refresh_token: r1", "")) ==
          "9:11 config.missing connections.seller-na.auth.refresh_token: is missing; expected a "
          "text or ${secret:NAME}");
    CHECK(problems_of(with("private_key: p", "private_key: p, algorithm: RS256")) ==
          "14:89 config.value connections.erp.auth.algorithm: expected PS256 or ES256, found "
          "\"RS256\" (PS256)");
}

TEST_CASE("token-based authentication has keys of its own", "[config]") {
    const std::string oauth2 = "method: oauth2, client_id: c, certificate_id: k, private_key: p";
    const Loaded loaded =
        parsed(with(oauth2,
                    "method: tba, consumer_key: ck, consumer_secret: cs, token_id: ti, "
                    "token_secret: ts"));
    REQUIRE(problems_of(loaded) == "");
    const ConnectionConfig& erp = loaded.config->connections.at("erp");
    CHECK(erp.auth.at("method").reveal() == "tba");
    CHECK(erp.auth.at("consumer_secret").reveal() == "cs");
    CHECK(erp.auth.at("token_secret").reveal() == "ts");
    CHECK_FALSE(erp.auth.contains("client_id"));

    CHECK(problems_of(with(oauth2,
                           "method: tba, consumer_key: ck, consumer_secret: cs, "
                           "token_id: ti")) ==
          "14:11 config.missing connections.erp.auth.token_secret: is missing; expected a text or "
          "${secret:NAME}");
    CHECK(problems_of(with("private_key: p", "private_key: p, token_id: ti"))
              .starts_with("14:78 config.unknown_key connections.erp.auth.token_id: "));
    CHECK(problems_of(with("method: oauth2", "method: nlauth"))
              .find("14:21 config.value connections.erp.auth.method: expected oauth2 or tba, found "
                    "\"nlauth\"") != std::string::npos);
}

TEST_CASE("a write mode is one of three", "[config]") {
    const Loaded loaded =
        parsed(with("account: TSTDRV1234567", "account: TSTDRV1234567\n    write_mode: auto"));
    REQUIRE(problems_of(loaded) == "");
    CHECK(loaded.config->connections.at("erp").options["write_mode"].text() == "auto");
    CHECK(
        problems_of(with("account: TSTDRV1234567", "account: TSTDRV1234567\n    write_mode: bulk"))
            .starts_with("14:17 config.value connections.erp.write_mode: expected single or batch "
                         "or auto, found \"bulk\""));
}

TEST_CASE("credentials travel encrypted, or inside this machine", "[config]") {
    for (const char* good : {"https://x.example", "http://localhost:1", "http://[::1]:8080"})
        CHECK(problems_of(with("region: na", std::string("region: na\n    base_url: ") + good))
                  .empty());
    for (const char* bad : {"http://x.example", "ftp://x", "http://localhost.example"})
        CHECK(problems_of(with("region: na", std::string("region: na\n    base_url: ") + bad)) ==
              "7:15 config.value connections.seller-na.base_url: expected an address that begins "
              "with https:// (http:// only for this machine), found \"" +
                  std::string(bad) + "\"");
}

TEST_CASE("one seller is one connection", "[config]") {
    const std::string second =
        "  again:\n    id: NA2\n    connector: amazon\n    region: na\n"
        "    seller_id: A1SELLER\n"
        "    auth: { client_id: a, client_secret: b, refresh_token: c }\n";
    CHECK(problems_of(with("defaults:", second + "defaults:")) ==
          "15:3 config.seller_twice connections.again.seller_id: the same seller and region as "
          "connection seller-na; one seller is one connection");
}

TEST_CASE("settings for a marketplace outside the connection's region are refused", "[config]") {
    CHECK(
        problems_of(
            with("region: na", "region: na\n    marketplaces: { DE: { subsidiary: 3 } }")) ==
        "7:21 config.region connections.seller-na.marketplaces.DE: DE is not in region na of this "
        "connection, but in eu");
}

TEST_CASE("values of the wrong kind are refused where they stand", "[config]") {
    CHECK(problems_of(with("id: NA1", "id: [NA1]")) ==
          "4:9 config.value connections.seller-na.id: expected a text, found a list");
    CHECK(problems_of(with("account: TSTDRV1234567", "account: X1\n    concurrency: many")) ==
          "14:18 config.value connections.erp.concurrency: expected a whole number from 1 to 1000, "
          "found \"many\"");
    CHECK(
        problems_of(with("account: TSTDRV1234567", "account: X1\n    read_timeout: 5 min")) ==
        "14:19 config.value connections.erp.read_timeout: expected a duration such as 500ms, 30s, "
        "5m, 1h or 1d, found \"5 min\"");
    CHECK(problems_of("version: 1\nconnections: []\nflows: 5\n") ==
          "2:14 config.type connections: expected a map of connections by name, found a list\n"
          "3:8 config.type flows: expected a map of flows by name, found \"5\"");
}

}  // namespace
}  // namespace carrick::config
