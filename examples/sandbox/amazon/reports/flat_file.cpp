// SPDX-License-Identifier: Apache-2.0
// Columns as a switch wants them: as documented, only those that every file has, or more and
// differently spelt ones than anybody expects.
#include "examples/sandbox/amazon/reports/flat_file.hpp"

#include "examples/sandbox/amazon/reports/charset.hpp"

#include <algorithm>

namespace carrick::sandbox {
namespace {

struct Column {
    std::string_view key;  ///< in Cells
    std::string shown;
};

std::vector<Column> columns_of(const RowQuestion& question, bool drop_one) {
    const bool reduced = question.is("report_columns", "reduced");
    std::vector<Column> columns;
    std::string_view rest = question.type->columns;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        std::string_view word = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const bool needed = word.ends_with('!');
        if (needed) word.remove_suffix(1);
        if (word == "sales-channel" && question.type->contents != Contents::AllOrdersByUpdate &&
            question.type->contents != Contents::AllOrdersByDate &&
            question.type->contents != Contents::Parcels && !question.sales_channel)
            continue;  // only with the option ShowSalesChannel
        if (reduced && !needed) continue;
        columns.push_back({word, std::string(word)});
    }
    if (drop_one) std::erase_if(columns, [](const Column& each) { return each.key == "sku"; });
    if (question.is("report_columns", "padded")) {
        // New columns come without notice, and not at the end.
        columns.insert(columns.begin() + 2, {"", "verge-of-something-new"});
        columns.push_back({"", "store-chain-store-id"});
        for (std::size_t i = 0; i < columns.size(); i += 3)
            columns[i].shown = " " + columns[i].shown + " ";
        for (std::size_t i = 1; i < columns.size(); i += 4)
            std::replace(columns[i].shown.begin(), columns[i].shown.end(), '-', '_');
    }
    return columns;
}

void end_line(std::string& text, const RowQuestion& question) {
    const bool crlf = question.is("report_newline", "crlf") ||
                      (question.is("report_newline", "by_type") && question.type->crlf);
    text += crlf ? "\r\n" : "\n";
}

}  // namespace

std::string_view charset_of_file(const RowQuestion& question) {
    if (question.is("report_charset", "utf-8")) return "UTF-8";
    return charset_of(*question.type, *question.stores.front());
}

std::string flat_file(const RowQuestion& question, const std::vector<Cells>& rows,
                      const Damage& damage) {
    const std::vector<Column> columns = columns_of(question, damage.missing_column);
    const bool cuts_blanks = question.is("report_columns", "reduced");
    std::string text;
    for (const Column& column : columns) text += (text.empty() ? "" : "\t") + column.shown;
    end_line(text, question);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::string line;
        for (std::size_t k = 0; k < columns.size(); ++k) {
            if (k > 0) line += '\t';
            const auto cell = rows[i].find(columns[k].key);
            if (cell != rows[i].end()) line += cell->second;
        }
        // Trailing blank fields may be left away.
        while (cuts_blanks && line.ends_with('\t')) line.pop_back();
        if (damage.too_many_fields && i == rows.size() / 2) line += "\t1\tone too many";
        text += line;
        end_line(text, question);
    }
    std::string bytes = encode(text, charset_of_file(question));
    if (damage.half) bytes.resize(bytes.size() - std::min(bytes.size(), bytes.size() / 2 + 3));
    return bytes;
}

}  // namespace carrick::sandbox
