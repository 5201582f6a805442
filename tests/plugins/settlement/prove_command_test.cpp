// SPDX-License-Identifier: Apache-2.0
// carrick settlement prove, as its user sees it: what is printed, and the exit code.
#include "plugins/settlement/prove_command.hpp"
#include "tests/plugins/settlement/settlement_text.hpp"

#include <catch2/catch.hpp>

#include <cstring>

using namespace carrick;
using namespace carrick::plugins;
using namespace carrick::testing;
using Catch::Matchers::Contains;

namespace {

/// What the host gives a command: files in memory, and two texts that it writes.
class Terminal {
public:
    explicit Terminal(std::vector<std::string> files) : files_(std::move(files)) {
        at_.resize(files_.size());
    }

    struct Ended {
        int code = 0;
        std::string out;
        std::string err;
        std::string error;
        [[nodiscard]] Json json() const { return Json::parse(out).value(); }
    };

    Ended prove(Json arguments = Json::object()) {
        carrick_command_io table{};
        table.struct_size = sizeof table;
        table.context = this;
        table.write = [](const carrick_command_io* io, std::int32_t channel, carrick_span text) {
            Terminal& self = from(io);
            (channel == 2 ? self.ended_.err : self.ended_.out) += sdk::to_view(text);
            return std::int32_t{CARRICK_OK};
        };
        table.read = [](const carrick_command_io* io, std::uint32_t file, char* buffer,
                        std::uint64_t capacity) {
            Terminal& self = from(io);
            const std::size_t got = self.files_[file].copy(
                buffer, std::min<std::size_t>(capacity, 997), self.at_[file]);
            self.at_[file] += got;
            return static_cast<std::int64_t>(got);
        };
        table.file_count = [](const carrick_command_io* io) {
            return static_cast<std::uint32_t>(from(io).files_.size());
        };
        table.file_name = [](const carrick_command_io*, std::uint32_t file) {
            static constexpr const char* kNames[] = {"first.txt", "second.txt", "third.txt"};
            return sdk::to_span(kNames[file]);
        };
        table.cancelled = [](const carrick_command_io*) { return std::int32_t{0}; };
        table.fail = [](const carrick_command_io*, const carrick_error*) {};
        sdk::CommandIo io(table);
        const Result<int> code =
            run_settlement_command(io, {"settlement", "prove", std::move(arguments)});
        if (code)
            ended_.code = *code;
        else
            ended_.error = code.error().message;
        return std::move(ended_);
    }
    Ended json() { return prove(Json::object({{"json", Json(true)}})); }

private:
    static Terminal& from(const carrick_command_io* io) {
        return *static_cast<Terminal*>(io->context);
    }
    std::vector<std::string> files_;
    std::vector<std::size_t> at_;
    Ended ended_;
};

std::string with_reserves(const std::string& id, const std::string& start, const std::string& end,
                          const std::string& total, const std::string& before,
                          const std::string& after) {
    SettlementText file;
    file.row({{"settlement-id", id},
              {"settlement-start-date", start},
              {"settlement-end-date", end},
              {"deposit-date", end},
              {"total-amount", total},
              {"currency", "USD"}})
        .amount("other-transaction", "", "other-transaction", "Previous Reserve Amount Balance",
                before, {{"settlement-id", id}, {"posted-date", start.substr(0, 10)}})
        .amount("other-transaction", "", "other-transaction", "Current Reserve Amount", after,
                {{"settlement-id", id}, {"posted-date", start.substr(0, 10)}});
    return file.text;
}

}  // namespace

TEST_CASE("a settlement that is proven ends with 0 and says so first", "[prove]") {
    const auto ended = Terminal({worked_example().text}).prove();
    CHECK(ended.code == 0);
    CHECK(ended.err.empty());
    CHECK(ended.out.starts_with("Settlement 27000000001: proven\n"));
    CHECK_THAT(ended.out, Contains("52.00 USD") && Contains("in_transit") &&
                              Contains("holds     rows = total-amount: 52.00 = 52.00"));
}

TEST_CASE("the same as JSON, with amounts as texts", "[prove]") {
    const Json json = Terminal({worked_example().text}).json().json();
    CHECK(json["settlement_id"].text() == "27000000001");
    CHECK(json["currency"].text() == "USD");
    CHECK(json["header_total"].text() == "52.00");
    CHECK(json["rows_total"].text() == "52.00");
    CHECK(json["row_count"].integer_if() == 18);
    CHECK(json["order_count"].integer_if() == 1);
    CHECK(json["refund_count"].integer_if() == 1);
    CHECK(json["by_type"]["Order|ItemPrice|Principal"].text() == "50.00");
    CHECK(json["by_type"].members().size() == 18);
    CHECK(json["by_marketplace"]["Amazon.com"].text() == "18.60");
    CHECK(json["by_marketplace"][""].text() == "33.40");
    CHECK(json["by_marketplace_assigned"]["US"].text() == "52.00");
    CHECK(json["identities"].items()[0]["holds"].bool_if() == true);
    CHECK(json["identities"].items().back()["holds"].text() == "unchecked");
    CHECK(json["unmapped"].items().empty());
    CHECK(json["open_items"].items().empty());
    CHECK(json["journal"].items()[0]["date"].text() == "2026-06-17");
    std::int64_t amounts = 0;
    for (const Json& line : json["ledger"].items())
        for (const Json& part : line["parts"].items())
            amounts += part["rows"].integer_if().value_or(0);
    CHECK(amounts == 18);
}

TEST_CASE("one that is not proven ends with 1 and is printed in full", "[prove]") {
    SettlementText file;
    file.header("5.00").amount("ServiceFee", "", "Cost of Advertising", "TransactionTotalAmount",
                               "-5.00");
    const auto ended = Terminal({file.text}).prove();
    CHECK(ended.code == 1);
    CHECK_THAT(ended.out, Contains("NOT PROVEN") && Contains("-5.00 is not 5.00") &&
                              Contains("fees.advertising"));
}

TEST_CASE("what is no settlement ends with 2, and the others are proven", "[prove]") {
    const auto ended = Terminal({"<?xml version=\"1.0\"?>", worked_example().text}).prove();
    CHECK(ended.code == 2);
    CHECK_THAT(ended.err, Contains("first.txt") && Contains("settlement.xml"));
    CHECK_THAT(ended.out, Contains("proven"));
}

TEST_CASE("several settlements prove their chain, in whatever order they are given",
          "[prove][chain]") {
    const std::string first = with_reserves("1", "2026-06-01 05:00:00 UTC",
                                            "2026-06-15 05:00:00 UTC", "-60.00", "0.00", "-60.00");
    const std::string next = with_reserves("2", "2026-06-15 05:00:00 UTC",
                                           "2026-06-29 05:00:00 UTC", "20.00", "60.00", "-40.00");
    // A debt of 60.00 is carried over by a row of its own, which these do not have.
    const auto ended = Terminal({next, first}).json();
    CHECK(ended.code == 1);
    const Json json = ended.json();
    REQUIRE(json.items().size() == 2);
    CHECK(json.items()[0]["settlement_id"].text() == "1");
    CHECK(json.items()[0]["proven"].bool_if() == true);
    CHECK(json.items()[1]["proven"].bool_if() == false);
    CHECK(json.items()[1]["open_items"].items()[0]["code"].text() == "settlement.chain");

    const std::string paid = with_reserves("1", "2026-06-01 05:00:00 UTC",
                                           "2026-06-15 05:00:00 UTC", "40.00", "100.00", "-60.00");
    CHECK(Terminal({next, paid}).prove().code == 0);
    // Where one between them is missing, nothing can be said of it.
    const std::string later = with_reserves("3", "2026-07-13 05:00:00 UTC",
                                            "2026-07-27 05:00:00 UTC", "9.00", "10.00", "-1.00");
    CHECK(Terminal({paid, later}).prove().code == 0);
    // One that ends when it begins is not its own predecessor.
    const std::string moment = with_reserves("6", "2026-06-15 05:00:00 UTC",
                                             "2026-06-15 05:00:00 UTC", "1.00", "2.00", "-1.00");
    CHECK(Terminal({moment}).prove().code == 0);
    // A transfer on demand is a link: two settlements may begin on one day.
    const std::string demand = with_reserves("4", "2026-06-15 05:00:00 UTC",
                                             "2026-06-15 14:00:00 UTC", "20.00", "60.00", "-40.00");
    const std::string after = with_reserves("5", "2026-06-15 14:00:00 UTC",
                                            "2026-06-29 05:00:00 UTC", "30.00", "40.00", "-10.00");
    const auto linked = Terminal({paid, after, demand}).json();
    CHECK(linked.code == 0);
    const Json all = linked.json();
    for (const Json& each : all.items())
        if (each["settlement_id"].text() != "1")
            for (const Json& identity : each["identities"].items())
                if (identity["number"].integer_if() == 3)
                    CHECK(identity["holds"].bool_if() == true);
}

TEST_CASE("a settlement that is given twice is proven once, unless the two differ", "[prove]") {
    const std::string good = worked_example().text;
    const auto twice = Terminal({good, good}).json();
    CHECK(twice.code == 0);
    CHECK(twice.json().is_object());
    CHECK_THAT(twice.err, Contains("second.txt") && Contains("same rows"));
    std::string other = good;
    other.replace(other.find("\t50.00\t"), 7, "\t51.00\t");
    const auto differing = Terminal({good, other}).prove();
    CHECK(differing.code == 1);
    CHECK_THAT(differing.err,
               Contains("settlement.differs") && Contains("52.00 there") && Contains("53.00 here"));
}

TEST_CASE("UTF-16, and texts in a store's own letters", "[prove]") {
    std::string wide = "\xFF\xFE";
    for (const char c : worked_example().text) {
        wide += c;
        wide += '\0';
    }
    CHECK(Terminal({wide}).json().json()["rows_total"].text() == "52.00");
    SettlementText latin;
    latin.header("-1,00", "EUR")
        .amount("CouponRedemptionFee", "", "CouponRedemptionFee", "Caf\xE9 5 \x80", "-1,00");
    const Json json = Terminal({latin.text}).json().json();
    CHECK(json["by_type"].members()[0].key ==
          "CouponRedemptionFee|CouponRedemptionFee|Caf\xC3\xA9 5 \xE2\x82\xAC");
}

TEST_CASE("an option's value that is none is told with those that are", "[prove]") {
    const auto ended =
        Terminal({worked_example().text}).prove(Json::object({{"per", Json("week")}}));
    CHECK_THAT(ended.error, Contains("--per week") && Contains("store, day or total"));
}
