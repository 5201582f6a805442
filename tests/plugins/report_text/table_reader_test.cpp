// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/report_text/table_reader.hpp"

#include <catch2/catch.hpp>

namespace carrick::plugins {
namespace {

struct Read {
    std::vector<std::vector<std::string>> rows;
    std::vector<std::uint64_t> lines;
    std::vector<std::uint64_t> ends;
    Result<bool> end = true;
};

Read read_all(const std::string& text, std::size_t step = std::string::npos) {
    StringSource source(text, step);
    TableReader reader(source);
    Read out;
    TableRow row;
    for (;;) {
        out.end = reader.next(row);
        if (!out.end || !*out.end) return out;
        out.rows.emplace_back(row.fields.begin(), row.fields.end());
        out.lines.push_back(row.line);
        out.ends.push_back(row.end);
    }
}

class FailingSource final : public TextSource {
public:
    std::int64_t read(char* buffer, std::size_t) override {
        if (given_) return -1;
        given_ = true;
        return static_cast<std::int64_t>(std::string_view("a\tb\nc").copy(buffer, 5));
    }

private:
    bool given_ = false;
};

using Rows = std::vector<std::vector<std::string>>;

TEST_CASE("rows are the same however the text comes in pieces, with LF or CRLF") {
    const auto step = static_cast<std::size_t>(GENERATE(1, 2, 3, 5, 1000));
    const Rows rows{{"order-id", "sku"}, {"111-1", "ROPE"}, {"111-2", ""}};
    CHECK(read_all("order-id\tsku\n111-1\tROPE\n111-2\t\n", step).rows == rows);
    CHECK(read_all("order-id\tsku\r\n111-1\tROPE\r\n111-2\t", step).rows == rows);
}

TEST_CASE("a quotation mark is a plain character") {
    CHECK(read_all("19\" rack\t\"x\n").rows == Rows{{"19\" rack", "\"x"}});
}

TEST_CASE("blank lines are passed over and counted, and a file may be empty or a header alone") {
    const Read read = read_all("a\n\n \t \nb\n");
    CHECK(read.rows == Rows{{"a"}, {"b"}});
    CHECK(read.lines == std::vector<std::uint64_t>{1, 4});
    CHECK(read_all("").rows.empty());
    CHECK(read_all("order-id\tsku").rows == Rows{{"order-id", "sku"}});
}

TEST_CASE("a reader can begin where another one ended") {
    const std::string text = "order-id\n111-1\n111-2\n";
    const Read read = read_all(text);
    StringSource rest(text.substr(read.ends[1]));
    TableReader reader(rest, 3, read.ends[1]);
    TableRow row;
    REQUIRE(reader.next(row).value());
    CHECK(row.text == "111-2");
    CHECK(row.line == 3);
    CHECK(row.end == text.size());
}

TEST_CASE("long lines are held whole, up to a megabyte") {
    const std::string title(300'000, 'x');
    CHECK(read_all("a\t" + title + "\nb\n", 1000).rows == Rows{{"a", title}, {"b"}});
    const Read endless = read_all("a\n" + std::string(3'000'000, 'x'));
    REQUIRE_FALSE(endless.end);
    CHECK(endless.end.error().code == "report.line_too_long");
    CHECK(endless.end.error().message.find("line 2") != std::string::npos);
}

TEST_CASE("a NUL byte and a source that fails are errors with their line") {
    const Read nul = read_all(std::string("a\nb\0c\n", 6));
    REQUIRE_FALSE(nul.end);
    CHECK(nul.end.error().code == "report.nul");
    CHECK(nul.end.error().message.find("line 2") != std::string::npos);
    FailingSource failing;
    TableReader reader(failing);
    TableRow row;
    CHECK(reader.next(row).value());
    const Result<bool> second = reader.next(row);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == "report.unreadable");
}

TEST_CASE("padding is taken off fields, also no-break spaces") {
    CHECK(trimmed("  12.50 ") == "12.50");
    CHECK(trimmed("\xC2\xA0"
                  "12.50\xC2\xA0 ") == "12.50");
    CHECK(trimmed("   ").empty());
}

}  // namespace
}  // namespace carrick::plugins
