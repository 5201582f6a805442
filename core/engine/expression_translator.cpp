// SPDX-License-Identifier: Apache-2.0
#include "core/engine/expression_translator.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace carrick::engine {

namespace {

constexpr std::size_t kMaxExpressionBytes = 16 * 1024;
constexpr int kMaxDepth = 100;

enum class TokenKind { Name, Integer, Decimal, Text, Symbol, End };

struct Token {
    TokenKind kind = TokenKind::End;
    std::string text;  ///< names and symbols as written; a text's content
    std::size_t column = 1;
};

struct SyntaxError {
    std::size_t column;
    std::string message;
};

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

class Lexer {
public:
    explicit Lexer(std::string_view source) : source_(source) {}

    std::vector<Token> tokens() {
        std::vector<Token> result;
        do result.push_back(next());
        while (result.back().kind != TokenKind::End);
        return result;
    }

private:
    Token next() {
        while (at_ < source_.size() && (source_[at_] == ' ' || source_[at_] == '\t' ||
                                        source_[at_] == '\n' || source_[at_] == '\r'))
            ++at_;
        Token token;
        token.column = at_ + 1;
        if (at_ >= source_.size()) return token;
        const char c = source_[at_];
        if (is_name_start(c)) return name(std::move(token));
        if (is_digit(c)) return number(std::move(token));
        if (c == '"' || c == '\'') return text(std::move(token), c);
        return symbol(std::move(token));
    }

    Token name(Token token) {
        const std::size_t start = at_;
        while (at_ < source_.size() && (is_name_start(source_[at_]) || is_digit(source_[at_])))
            ++at_;
        token.kind = TokenKind::Name;
        token.text = source_.substr(start, at_ - start);
        return token;
    }

    Token number(Token token) {
        const std::size_t start = at_;
        token.kind = TokenKind::Integer;
        while (at_ < source_.size() && (is_digit(source_[at_]) || source_[at_] == '.')) {
            if (source_[at_] == '.') {
                // `1..2` is a concatenation, which needs a blank here as it does in Lua.
                token.kind = TokenKind::Decimal;
            }
            ++at_;
        }
        if (at_ < source_.size() && is_name_start(source_[at_]))
            throw SyntaxError{start + 1, "numbers are written in digits with at most one point"};
        token.text = source_.substr(start, at_ - start);
        return token;
    }

    Token text(Token token, char quote) {
        token.kind = TokenKind::Text;
        for (++at_; at_ < source_.size(); ++at_) {
            const char c = source_[at_];
            if (c == quote) {
                ++at_;
                return token;
            }
            if (c == '\n') break;
            token.text.push_back(c == '\\' ? escape(token.column) : c);
        }
        throw SyntaxError{token.column, "this text has no closing quote"};
    }

    char escape(std::size_t column) {
        ++at_;
        const char c = at_ < source_.size() ? source_[at_] : '\0';
        switch (c) {
            case 'n': return '\n';
            case 't': return '\t';
            case 'r': return '\r';
            case '\\':
            case '"':
            case '\'': return c;
            default:
                throw SyntaxError{column, "only \\n \\t \\r \\\\ \\\" and \\' are known escapes"};
        }
    }

    Token symbol(Token token) {
        static constexpr std::array<std::string_view, 8> kTwo{
            "==", "~=", "<=", ">=", "//", "..", "::", "--"};
        token.kind = TokenKind::Symbol;
        for (const std::string_view two : kTwo) {
            if (source_.substr(at_, 2) != two) continue;
            if (two == "--")
                throw SyntaxError{token.column, "comments have no place in an expression"};
            at_ += 2;
            token.text = two;
            return token;
        }
        token.text = source_.substr(at_, 1);
        ++at_;
        return token;
    }

    std::string_view source_;
    std::size_t at_ = 0;
};

struct Operator {
    std::string_view symbol;
    int precedence;
    std::string_view function;  ///< of our library; empty: Lua's own operator
    bool right = false;
};

// Lua's precedences, low to high.
constexpr std::array<Operator, 14> kOperators{{{"or", 1, ""},
                                               {"and", 2, ""},
                                               {"<", 3, "__lt"},
                                               {">", 3, "__gt"},
                                               {"<=", 3, "__le"},
                                               {">=", 3, "__ge"},
                                               {"~=", 3, "__ne"},
                                               {"==", 3, "__eq"},
                                               {"..", 4, "__concat", true},
                                               {"+", 5, "__add"},
                                               {"-", 5, "__sub"},
                                               {"*", 6, "__mul"},
                                               {"//", 6, "__idiv"},
                                               {"%", 6, "__mod"}}};
constexpr int kUnaryPrecedence = 7;

constexpr std::array<std::string_view, 18> kRefusedWords{
    "break", "do",    "else",   "elseif", "end",  "for",   "function", "goto", "if",
    "in",    "local", "repeat", "return", "then", "until", "while",    "load", "require"};

std::string quoted(std::string_view text) {
    // Decimal escapes: whatever the bytes, Lua reads them back unchanged.
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\') {
            out.push_back(c);
            continue;
        }
        std::string digits = std::to_string(static_cast<int>(byte));
        out += "\\" + std::string(3 - digits.size(), '0') + digits;
    }
    return out + "\"";
}

class Translator {
public:
    explicit Translator(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

    std::string translate() {
        if (peek().kind == TokenKind::End) throw SyntaxError{1, "the expression is empty"};
        std::string source = expression(0);
        if (peek().kind != TokenKind::End) throw unexpected(peek());
        return source;
    }

private:
    const Token& peek() const { return tokens_[at_]; }
    Token take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
    bool is_symbol(std::string_view symbol) const {
        return peek().kind == TokenKind::Symbol && peek().text == symbol;
    }
    bool accept(std::string_view symbol) {
        if (!is_symbol(symbol)) return false;
        ++at_;
        return true;
    }
    void expect(std::string_view symbol) {
        if (!accept(symbol))
            throw SyntaxError{peek().column, "expected \"" + std::string(symbol) + "\""};
    }

    static SyntaxError unexpected(const Token& token) {
        if (token.kind == TokenKind::End) return {token.column, "the expression ends too early"};
        if (token.text == "/")
            return {token.column, "a quotient is not always exact: write divide(a, b, digits)"};
        if (token.text == "^") return {token.column, "powers are not offered"};
        if (token.text == "=")
            return {token.column, "nothing can be assigned here; to compare, write =="};
        if (token.text == ":")
            return {token.column, "methods are not offered; call a function instead"};
        if (token.text == "!") return {token.column, "write `not` or `~=`"};
        return {token.column, "\"" + token.text + "\" does not belong here"};
    }

    std::optional<Operator> binary_operator() const {
        if (peek().kind != TokenKind::Symbol && peek().kind != TokenKind::Name) return std::nullopt;
        for (const Operator& candidate : kOperators)
            if (candidate.symbol == peek().text) return candidate;
        return std::nullopt;
    }

    std::string expression(int minimum) {
        if (++depth_ > kMaxDepth)
            throw SyntaxError{peek().column,
                              "nested deeper than " + std::to_string(kMaxDepth) + " levels"};
        std::string left = unary();
        while (const std::optional<Operator> op = binary_operator()) {
            if (op->precedence <= minimum) break;
            ++at_;
            const std::string right = expression(op->right ? op->precedence - 1 : op->precedence);
            left = op->function.empty()
                       ? "(" + left + " " + std::string(op->symbol) + " " + right + ")"
                       : std::string(op->function) + "(" + left + "," + right + ")";
        }
        --depth_;
        return left;
    }

    std::string unary() {
        if (peek().kind == TokenKind::Name && peek().text == "not") {
            ++at_;
            return "(not " + expression(kUnaryPrecedence) + ")";
        }
        if (accept("-")) return "__unm(" + expression(kUnaryPrecedence) + ")";
        if (accept("#")) return "__len(" + expression(kUnaryPrecedence) + ")";
        return suffixed();
    }

    std::string suffixed() {
        std::string value = primary();
        for (;;) {
            if (accept(".")) {
                const Token name = take();
                if (name.kind != TokenKind::Name)
                    throw SyntaxError{name.column, "a field name belongs behind \".\""};
                value = "__index(" + value + "," + quoted(name.text) + ")";
            } else if (accept("[")) {
                const std::string key = expression(0);
                expect("]");
                value = "__index(" + value + "," + key + ")";
            } else if (is_symbol("(")) {
                value += arguments();
            } else {
                return value;
            }
        }
    }

    std::string arguments() {
        expect("(");
        std::string list = "(";
        while (!accept(")")) {
            if (list.size() > 1) {
                expect(",");
                list += ",";
            }
            list += expression(0);
        }
        return list + ")";
    }

    std::string primary() {
        const Token token = take();
        switch (token.kind) {
            case TokenKind::Text: return quoted(token.text);
            case TokenKind::Integer:
            case TokenKind::Decimal: return number(token);
            case TokenKind::Name: return name(token);
            case TokenKind::Symbol:
                if (token.text == "(") {
                    std::string inner = expression(0);
                    expect(")");
                    return "(" + inner + ")";
                }
                if (token.text == "{") return table();
                break;
            case TokenKind::End: break;
        }
        throw unexpected(token);
    }

    static std::string number(const Token& token) {
        // Short integers are Lua's own; everything else is an exact decimal.
        constexpr std::size_t kSafeDigits = 18;
        if (token.kind == TokenKind::Integer && token.text.size() <= kSafeDigits) return token.text;
        return "decimal(" + quoted(token.text) + ")";
    }

    static std::string name(const Token& token) {
        for (const std::string_view word : kRefusedWords)
            if (token.text == word)
                throw SyntaxError{token.column,
                                  "\"" + token.text + "\": only an expression is allowed here"};
        if (token.text.starts_with("__"))
            throw SyntaxError{token.column, "names do not begin with __"};
        if (token.text == "and" || token.text == "or") throw unexpected(token);
        return token.text;
    }

    std::string table() {
        std::string source = "{";
        while (!accept("}")) {
            if (source.size() > 1) expect(",");
            if (accept("}")) break;
            if (source.size() > 1) source += ",";
            if (accept("[")) {
                const std::string key = expression(0);
                expect("]");
                expect("=");
                source += "[" + key + "]=" + expression(0);
            } else if (peek().kind == TokenKind::Name &&
                       tokens_[at_ + 1].kind == TokenKind::Symbol && tokens_[at_ + 1].text == "=") {
                const Token key = take();
                ++at_;
                source += "[" + quoted(key.text) + "]=" + expression(0);
            } else {
                source += expression(0);
            }
        }
        return source + "}";
    }

    std::vector<Token> tokens_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

}  // namespace

Result<std::string> translate_expression(std::string_view expression) {
    if (expression.size() > kMaxExpressionBytes)
        return misconfigured("mapping.syntax",
                             "the expression has " + std::to_string(expression.size()) +
                                 " bytes; the limit is " + std::to_string(kMaxExpressionBytes));
    try {
        return Translator(Lexer(expression).tokens()).translate();
    } catch (const SyntaxError& error) {
        std::string shown(expression.substr(0, 80));
        if (expression.size() > 80) shown += "...";
        return misconfigured(
            "mapping.syntax",
            "`" + shown + "`, column " + std::to_string(error.column) + ": " + error.message);
    }
}

}  // namespace carrick::engine
