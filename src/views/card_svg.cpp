#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <base/text.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <views/card_svg.hpp>
#include <views/page.hpp>

namespace resident {

namespace {

// As in web/src/style/base.css, light.
constexpr const char* kGround = "#fdfdfb";
constexpr const char* kInk = "#1c2024";
constexpr const char* kQuiet = "#586069";
constexpr const char* kRule = "#e4e4de";
constexpr std::array<const char*, 4> kColours{"#1f63ab", "#b9520b", "#0c7a5f", "#8d3f8a"};
constexpr const char* kFont = "DejaVu Sans, Noto Sans, Liberation Sans, sans-serif";
constexpr double kLeft = 72, kRight = 1128, kTop = 400, kBottom = 548;
constexpr std::size_t kLineLetters = 52, kMostLines = 3, kTitleLetters = 30;

struct Point {
  double x, y;
};

std::optional<double> number_in(const Cell& cell) {
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&cell); number && std::isfinite(*number)) return *number;
  return std::nullopt;
}

std::optional<std::size_t> place_of(const Result& result, const std::string& name) {
  for (std::size_t i = 0; i < result.columns.size(); ++i)
    if (result.columns[i].name == name) return i;
  return std::nullopt;
}

// The first curves of the chart, each in the order of its rows; none where its axis has no numbers.
std::vector<std::vector<Point>> curves_of(const Result& result) {
  const auto x = place_of(result, result.chart.x), series = place_of(result, result.chart.series);
  std::vector<std::vector<Point>> curves;
  std::map<std::string, std::size_t> by_name;
  for (std::size_t k = 0; x && k < result.chart.y.size(); ++k) {
    const auto y = place_of(result, result.chart.y[k]);
    if (!y) continue;
    for (const auto& row : result.rows) {
      const auto at = number_in(row.at(*x)), value = number_in(row.at(*y));
      if (!at || !value) continue;
      const std::string name = fmt::format("{} {}", k, series ? raw_cell(row.at(*series), ColumnType::text) : "");
      const auto [found, is_new] = by_name.try_emplace(name, curves.size());
      if (is_new) curves.emplace_back();
      curves[found->second].push_back({*at, *value});
    }
  }
  std::erase_if(curves, [](const auto& curve) { return curve.size() < 2; });
  if (curves.size() > kColours.size()) curves.resize(kColours.size());
  return curves;
}

std::string text_at(double x, double y, int size, const char* colour, const std::string& text, const char* more = "") {
  return fmt::format("<text x=\"{}\" y=\"{}\" font-family=\"{}\" font-size=\"{}\" fill=\"{}\"{}>{}</text>\n", x, y,
                     kFont, size, colour, more, html_text(text));
}

std::string drawing(const Result& result) {
  const auto curves = curves_of(result);
  if (curves.empty()) return {};
  Point least{std::numeric_limits<double>::max(), 0}, most{std::numeric_limits<double>::lowest(), 0};
  for (const auto& curve : curves)
    for (const Point& point : curve) {
      least = {std::min(least.x, point.x), std::min(least.y, point.y)};
      most = {std::max(most.x, point.x), std::max(most.y, point.y)};
    }
  if (most.x <= least.x || most.y <= least.y) return {};
  const auto across = [&](double x) { return kLeft + (x - least.x) / (most.x - least.x) * (kRight - kLeft); };
  const auto up = [&](double y) { return kBottom - (y - least.y) / (most.y - least.y) * (kBottom - kTop); };
  std::string out = fmt::format("<path d=\"M{:.0f} {:.1f}H{:.0f}\" stroke=\"{}\" stroke-width=\"2\"/>\n", kLeft, up(0),
                                kRight, kRule);
  const bool is_step = result.chart.kind == Chart::Kind::step;
  for (std::size_t i = curves.size(); i-- > 0;) {  // the first on top
    std::string path;
    for (const Point& point : curves[i]) {
      if (path.empty())
        path = fmt::format("M{:.1f} {:.1f}", across(point.x), up(point.y));
      else if (is_step)
        path += fmt::format("H{:.1f}V{:.1f}", across(point.x), up(point.y));
      else
        path += fmt::format("L{:.1f} {:.1f}", across(point.x), up(point.y));
    }
    out += fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"4\" stroke-linejoin=\"round\"/>\n",
                       path, kColours[i]);
  }
  return out;
}

// Words on lines of so many letters; what does not fit ends in "…".
std::vector<std::string> lines_of(const std::string& sentence) {
  std::vector<std::string> lines;
  const std::string text = one_line(sentence);
  for (const std::string_view word : split(text, ' ')) {
    if (word.empty()) continue;
    if (!lines.empty() && display_width(lines.back()) + 1 + display_width(word) <= kLineLetters) {
      lines.back() += fmt::format(" {}", word);
    } else if (lines.size() < kMostLines) {
      lines.push_back(fit_width(word, kLineLetters));
    } else {
      lines.back() = fit_width(lines.back(), kLineLetters - 1) + (lines.back().ends_with("…") ? "" : "…");
      break;
    }
  }
  return lines;
}

}  // namespace

std::string card_svg(const Card& card) {
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"{2}\"/>\n<rect width=\"{0}\" height=\"14\" fill=\"{3}\"/>\n",
      kCardWidth, kCardHeight, kGround, kColours[0]);
  out += text_at(kLeft, 96, 34, kQuiet, fit_width(one_line(card.project), kLineLetters));
  out += text_at(kLeft, 180, 66, kInk, fit_width(one_line(card.title), kTitleLetters), " font-weight=\"bold\"");
  double y = 252;
  for (const std::string& line : lines_of(card.sentence)) {
    out += text_at(kLeft, y, 32, kInk, line);
    y += 46;
  }
  if (card.drawn) out += drawing(*card.drawn);
  out += text_at(kLeft, 600, 24, kQuiet, fit_width(one_line(card.foot), 2 * kTitleLetters));
  return out + "</svg>\n";
}

}  // namespace resident
