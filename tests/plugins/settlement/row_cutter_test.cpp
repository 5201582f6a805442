// SPDX-License-Identifier: Apache-2.0
#include "plugins/shared/settlement/row_cutter.hpp"
#include "plugins/shared/report_text/table_reader.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace carrick;
using namespace carrick::plugins;

namespace {

using Rows = std::vector<std::vector<std::string>>;

struct Cut {
    Rows rows;
    std::vector<std::uint64_t> lines;
    std::string error;
    bool last_has_end = true;
};

Cut cut(const std::string& text, std::size_t step = std::string::npos,
        std::size_t piece = std::size_t{1} << 17U) {
    StringSource source(text, step);
    RowCutter cutter(source, piece);
    CutRow row;
    Cut found;
    for (;;) {
        const Result<bool> more = cutter.next(row);
        if (!more) found.error = more.error().code;
        if (!more || !*more) return found;
        std::vector<std::string> fields;
        for (std::size_t i = 0; i < row.size(); ++i) fields.emplace_back(row.field(i));
        CHECK(row.field(row.size()).empty());
        found.rows.push_back(std::move(fields));
        found.lines.push_back(row.line());
        found.last_has_end = row.has_end();
    }
}

/// The same by the reader of the other reports, which shares no line with this one.
Cut read(const std::string& text) {
    StringSource source(text);
    TableReader reader(source);
    TableRow row;
    Cut found;
    for (;;) {
        const Result<bool> more = reader.next(row);
        if (!more) found.error = more.error().code;
        if (!more || !*more) return found;
        found.rows.emplace_back(row.fields.begin(), row.fields.end());
        found.lines.push_back(row.line);
    }
}

}  // namespace

TEST_CASE("a file is cut into lines at line feeds and into fields at tabs", "[row_cutter]") {
    CHECK(cut("a\tb\tc\n1\t\t3\n").rows == Rows{{"a", "b", "c"}, {"1", "", "3"}});
    CHECK(cut("a\r\nb\tc\r\n").rows == Rows{{"a"}, {"b", "c"}});
    CHECK(cut("a\tb").rows == Rows{{"a", "b"}});
    CHECK(cut("").rows.empty());
    CHECK(cut("\n\n").rows.empty());
    // Nothing is quoted or escaped in Amazon's reports.
    CHECK(cut("27\" TV\t\"x\ty\"\n").rows == Rows{{"27\" TV", "\"x", "y\""}});
}

TEST_CASE("lines of nothing are passed over and counted", "[row_cutter]") {
    const Cut found = cut("a\n\n \t \nb\n\t\t\nc");
    CHECK(found.rows == Rows{{"a"}, {"b"}, {"c"}});
    CHECK(found.lines == std::vector<std::uint64_t>{1, 4, 6});
}

TEST_CASE("a last line without its end is told from a whole one", "[row_cutter]") {
    CHECK(cut("a\nb\n").last_has_end);
    CHECK_FALSE(cut("a\nb").last_has_end);
}

TEST_CASE("rows are the same however the text comes in pieces", "[row_cutter]") {
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        std::string text;
        const auto length = random() % 400;
        for (unsigned i = 0; i < length; ++i) text += "ab\t\t\n\r  x\xC3\xA4"[random() % 12];
        const Cut whole = read(text);
        for (const std::size_t piece : {1U, 3U, 63U, 64U, 65U, 1000U}) {
            const Cut pieces = cut(text, 1 + random() % 70, piece);
            INFO(text);
            REQUIRE(pieces.rows == whole.rows);
            REQUIRE(pieces.lines == whole.lines);
        }
    }
}

TEST_CASE("what is no text is refused with its line", "[row_cutter]") {
    const std::string nul("a\nb\0c\nd\n", 8);
    const Cut found = cut(nul);
    CHECK(found.rows == Rows{{"a"}});
    CHECK(found.error == "report.nul");
    CHECK(cut(std::string("a\n") + std::string(3'000'000, 'x')).error == "report.line_too_long");
}

TEST_CASE("a source that fails is told as such", "[row_cutter]") {
    class Failing final : public TextSource {
        std::int64_t read(char* buffer, std::size_t) override {
            if (given_) return -1;
            given_ = true;
            return static_cast<std::int64_t>(std::string_view("a\tb\nc").copy(buffer, 5));
        }
        bool given_ = false;
    };
    Failing source;
    RowCutter cutter(source);
    CutRow row;
    const Result<bool> more = cutter.next(row);
    REQUIRE_FALSE(more);
    CHECK(more.error().code == "report.unreadable");
    CHECK(more.error().error_class == ErrorClass::Transient);
}
