// SPDX-License-Identifier: Apache-2.0
// Reads an archived document back as text.
#include "core/archive/archive.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace carrick::archive {
namespace {

constexpr std::size_t kPiece = std::size_t{64} * 1024;

class TextReader final : public DocumentReader {
public:
    TextReader(gzFile file, std::string name, Transcoder transcoder, std::uint64_t expected)
        : file_(file),
          name_(std::move(name)),
          transcoder_(std::move(transcoder)),
          expected_(expected),
          raw_(kPiece) {}
    ~TextReader() override { gzclose_r(file_); }
    TextReader(const TextReader&) = delete;
    TextReader& operator=(const TextReader&) = delete;

    Result<std::size_t> read(char* buffer, std::size_t capacity) override {
        while (at_ == text_.size() && !ended_)
            if (const Result<void> filled = fill(); !filled) return filled.error();
        const std::size_t given = std::min(capacity, text_.size() - at_);
        std::memcpy(buffer, text_.data() + at_, given);
        at_ += given;
        return given;
    }

private:
    Result<void> fill() {
        text_.clear();
        at_ = 0;
        const int got = gzread(file_, raw_.data(), static_cast<unsigned>(raw_.size()));
        int code = Z_OK;
        gzerror(file_, &code);
        if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) return damaged();
        taken_ += static_cast<std::uint64_t>(got);
        ended_ = static_cast<std::size_t>(got) < raw_.size();
        if (ended_ && expected_ != 0 && taken_ != expected_) return damaged();
        transcoder_.convert(std::string_view(raw_.data(), static_cast<std::size_t>(got)), ended_,
                            text_);
        return {};
    }

    Error damaged() const {
        return bug("archive.damaged", "the archived file " + name_ +
                                          " is damaged or cut short; restore it from a backup, or "
                                          "fetch the document again");
    }

    gzFile file_;
    std::string name_;
    Transcoder transcoder_;
    std::uint64_t expected_;
    std::uint64_t taken_ = 0;
    std::vector<char> raw_;
    std::string text_;
    std::size_t at_ = 0;
    bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<DocumentReader>> open_text(const std::filesystem::path& file,
                                                  const std::string& encoding,
                                                  std::uint64_t bytes) {
    Result<Transcoder> transcoder = Transcoder::make(encoding);
    if (!transcoder) return transcoder.error();
    gzFile opened = gzopen(file.c_str(), "rb");
    if (opened == nullptr)
        return bug("archive.damaged", "the archived file " + file.filename().string() +
                                          " cannot be opened (" + std::strerror(errno) +
                                          "); restore it from a backup");
    gzbuffer(opened, 128 * 1024);
    return std::unique_ptr<DocumentReader>(std::make_unique<TextReader>(
        opened, file.filename().string(), *std::move(transcoder), bytes));
}

}  // namespace carrick::archive
