// SPDX-License-Identifier: Apache-2.0
// States: every spelling that a buyer may use leads to the one that NetSuite lists.
#include "plugins/shared/order_model/address_text.hpp"
#include "plugins/shared/order_model/state_tables.hpp"

#include <carrick/sdk/json.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace carrick;
using namespace carrick::plugins;

namespace {

/// What goes into NetSuite's field; "-" where it goes into the lines instead.
std::string state(const std::string& country, const std::string& text) {
    return netsuite_state(country, text, default_state_style(country)).value_or("-");
}

std::vector<State> all_states() {
    std::vector<State> all;
    for (const auto states : {american_states(), asian_and_african_states(), european_states()})
        all.insert(all.end(), states.begin(), states.end());
    return all;
}

}  // namespace

TEST_CASE("states are known by code or name in any spelling", "[states]") {
    CHECK(state("US", "wa") == "WA");
    CHECK(state("US", "US-WA") == "WA");
    CHECK(state("US", "Washington State") == "WA");
    CHECK(state("US", "new york") == "NY");
    CHECK(state("US", " N.Y. ") == "NY");
    CHECK(state("US", "Puerto Rico") == "PR");
    CHECK(state("US", "Washington, D.C.") == "DC");
    CHECK(state("CA", "Québec") == "QC");
    CHECK(state("CA", "QUÉBEC") == "QC");
    CHECK(state("CA", "Newfoundland & Labrador") == "NL");
    CHECK(state("AU", "New South Wales") == "NSW");
    CHECK(state("AU", "WA") == "WA");
}

TEST_CASE("Mexico's capital has many names, and its states NetSuite's", "[states]") {
    for (const char* name : {"Ciudad de México", "CIUDAD DE MEXICO", "CDMX", "D.F.", "México, D.F.",
                             "Distrito Federal", "MX-CMX"})
        CHECK(state("MX", name) == "CDMX");
    CHECK(state("MX", "Estado de México") == "MEX");
    CHECK(state("MX", "Nuevo Leon") == "NL");
    CHECK(state("MX", "Estado de Veracruz") == "VER");
    CHECK(state("MX", "Baja California") == "BC");
    CHECK(state("MX", "Baja California Sur") == "BCS");
    CHECK(state("MX", "México") == "-");  // the state, the city or the country
}

TEST_CASE("Japan's prefectures are known in kanji and in Roman letters", "[states]") {
    for (const char* name : {"東京都", "東京", "Tokyo", "TOKYO", "Tokyo-to", "Tōkyō", "JP-13"})
        CHECK(state("JP", name) == "東京都");
    CHECK(state("JP", "Osaka-fu") == "大阪府");
    CHECK(state("JP", "Hyōgo-ken") == "兵庫県");
    CHECK(state("JP", "Kyoto") == "京都府");  // its last letters are no "-to"
    CHECK(state("JP", "京都") == "京都府");
    CHECK(state("JP", "北海道") == "北海道");
    CHECK(state("JP", "Okinawa Prefecture") == "沖縄県");
    CHECK(state("JP", "13") == "-");  // a number alone may be anything
}

TEST_CASE("where NetSuite has no list, the customary form is taken and the unknown kept",
          "[states]") {
    CHECK(state("BR", "SAO PAULO") == "SP");
    CHECK(state("BR", "Estado do Rio de Janeiro") == "RJ");
    CHECK(state("BR", "Guanabara") == "Guanabara");
    CHECK(state("IN", "TAMILNADU") == "Tamil Nadu");
    CHECK(state("IN", "Orissa") == "Odisha");
    CHECK(state("IN", "IN-MH") == "Maharashtra");
    CHECK(state("IN", "Jammu & Kashmir") == "Jammu and Kashmir");
    CHECK(state("AE", "إمارة أبوظبي") == "Abu Dhabi");
    CHECK(state("AE", "Ras Al-Khaimah") == "Ras Al Khaimah");
    CHECK(state("SA", "Eastern Province") == "Eastern Province");
    CHECK(state("SA", "المنطقة الشرقية") == "Eastern Province");
    CHECK(state("EG", "Cairo Governorate") == "Cairo");
    CHECK(state("EG", "الاسكندرية") == "Alexandria");
    CHECK(state("ES", "La Coruña") == "A Coruña");
    CHECK(state("ES", "Balears, Illes") == "Illes Balears");
    CHECK(state("ES", "Andalucía") == "Andalucía");
    CHECK(state("IT", "Città metropolitana di Milano") == "MI");
    CHECK(state("IT", "L'Aquila") == "AQ");
    CHECK(state("DE", "Bayern") == "Bayern");
}

TEST_CASE("an account may want another form", "[states]") {
    CHECK(netsuite_state("BR", "SP", {StateForm::Name, true}) == "São Paulo");
    CHECK(netsuite_state("BR", "Guanabara", {StateForm::Name, true}) == std::nullopt);
    CHECK(netsuite_state("JP", "東京都", {StateForm::Name, false}) == "Tokyo");
    CHECK(netsuite_state("JP", "Tokyo-to", {StateForm::AsSent, false}) == "Tokyo-to");
    CHECK(netsuite_state("MX", "CDMX", {StateForm::Code, false}) == "CMX");
    CHECK(netsuite_state("GB", "Kent", {StateForm::Code, false}) == "Kent");
}

TEST_CASE("every row is found by what it says, and no spelling belongs to two states", "[states]") {
    const std::vector<State> all = all_states();
    CHECK(all.size() == 55 + 13 + 8 + 32 + 27 + 47 + 36 + 7 + 13 + 27 + 52 + 111 + 114);
    std::map<std::string, std::string> owner;
    for (const State& row : all) {
        std::vector<std::string> spellings{std::string(row.name), std::string(row.short_name)};
        if (row.country != "SA" && row.country != "JP") spellings.emplace_back(row.code);
        std::string also(row.also);
        for (std::size_t at = 0; at < also.size();) {
            const std::size_t end = std::min(also.find('|', at), also.size());
            spellings.push_back(also.substr(at, end - at));
            at = end + 1;
        }
        for (const std::string& spelling : spellings) {
            if (spelling.empty()) continue;
            INFO(row.country << " " << spelling);
            const State* found = find_state(row.country, spelling);
            REQUIRE(found != nullptr);
            CHECK(found->name == row.name);
            CHECK(found->code == row.code);
            const auto [entry, first] =
                owner.emplace(std::string(row.country) + folded(spelling), std::string(row.name));
            CHECK((first || entry->second == row.name));
        }
        CHECK(characters(row.short_name) <= 30);
    }
}

TEST_CASE("the states of real orders are known", "[states][samples]") {
    const char* samples = std::getenv("CARRICK_SAMPLES");
    if (samples == nullptr) {
        std::cout << "SKIPPED: CARRICK_SAMPLES is not set\n";
        return;
    }
    std::size_t seen = 0;
    std::set<std::string> unknown;
    const auto folder = std::filesystem::path(samples) / "amazon/api/orders-v0";
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        std::ifstream lines(file.path());
        for (std::string line; std::getline(lines, line);) {
            const auto order = Json::parse(line);
            REQUIRE(order);
            const Json& address = (*order)["ShippingAddress"];
            if (address["CountryCode"].text() != "JP" || address["StateOrRegion"].text().empty())
                continue;
            ++seen;
            if (find_state("JP", address["StateOrRegion"].text()) == nullptr)
                unknown.insert(address["StateOrRegion"].text());
        }
    }
    CHECK(seen > 100);
    CHECK(unknown == std::set<std::string>{});
}
