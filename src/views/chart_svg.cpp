#include <fmt/format.h>

#include <algorithm>
#include <base/text.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <views/chart_svg.hpp>

namespace resident {

namespace {

// Okabe and Ito, "Color Universal Design" (2008): told apart also by who sees colours otherwise.
constexpr const char* kColours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9"};
constexpr std::size_t kLongestName = 40, kMostPoints = 4000;
constexpr double kLeft = 64, kLegendLine = 18;  // pixels

struct Point {
  double x = 0, y = 0;
  std::optional<double> low = {}, high = {};
  bool is_gap = false;  // nothing is known here: the line ends before it
};
struct Series {
  std::string name;
  std::vector<Point> points;
};

// XML takes no byte that is not UTF-8.
std::string xml_text(std::string_view text) {
  return escape_html(one_line(clean_text(text)));
}

std::optional<double> number_of(const Cell& cell) {
  if (const auto* whole = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*whole);
  if (const auto* number = std::get_if<double>(&cell); number && std::isfinite(*number)) return *number;
  return std::nullopt;
}

const Column* find_column(const Result& result, const std::string& name, std::size_t& index) {
  for (index = 0; index < result.columns.size(); ++index)
    if (result.columns[index].name == name) return &result.columns[index];
  return nullptr;
}

// What is drawn, in numbers.
class Plot {
 public:
  explicit Plot(const Result& result) : result_(result) {
    const Column* x = find_column(result, result.chart.x, x_);
    if (!x) return;
    x_type_ = x->type;
    is_words_ = x->type == ColumnType::text || x->type == ColumnType::item || x->type == ColumnType::url;
    std::size_t series = 0;
    const bool by_series = !result.chart.series.empty() && find_column(result, result.chart.series, series);
    for (const std::string& name : result.chart.y) {
      std::size_t y = 0;
      const Column* column = find_column(result, name, y);
      if (!column) continue;
      y_type_ = column->type;
      if (by_series) {
        add_by_series(y, series);
        break;
      }
      std::size_t low = 0, high = 0;
      const bool has_band = name == result.chart.y.front() && find_column(result, result.chart.low, low) &&
                            find_column(result, result.chart.high, high);
      Series made{column->title, {}};
      for (const auto& row : result.rows) add(made, row, y, has_band ? &low : nullptr, has_band ? &high : nullptr);
      all.push_back(std::move(made));
    }
    std::erase_if(all, [](const Series& each) {
      return std::all_of(each.points.begin(), each.points.end(), [](const Point& point) { return point.is_gap; });
    });
  }

  std::vector<Series> all;
  std::vector<std::string> words;  // on the x axis, where it is no scale
  ColumnType x_type() const { return x_type_; }
  ColumnType y_type() const { return y_type_; }

 private:
  double x_of(const std::vector<Cell>& row) {
    if (!is_words_) return number_of(row[x_]).value_or(std::numeric_limits<double>::quiet_NaN());
    const std::string word = format_cell(row[x_], x_type_);
    const auto found = std::find(words.begin(), words.end(), word);
    if (found != words.end()) return static_cast<double>(found - words.begin());
    words.push_back(word);
    return static_cast<double>(words.size() - 1);
  }

  void add(Series& series, const std::vector<Cell>& row, std::size_t y, const std::size_t* low,
           const std::size_t* high) {
    Point point;
    point.x = x_of(row);
    if (!std::isfinite(point.x) || series.points.size() >= kMostPoints) return;
    const auto value = number_of(row[y]);
    point.is_gap = !value;
    point.y = value.value_or(0);
    if (low && high) {
      point.low = number_of(row[*low]);
      point.high = number_of(row[*high]);
    }
    series.points.push_back(point);
  }

  void add_by_series(std::size_t y, std::size_t series) {
    std::map<std::string, std::size_t> known;
    std::size_t low = 0, high = 0;
    const bool has_band =
        find_column(result_, result_.chart.low, low) && find_column(result_, result_.chart.high, high);
    for (const auto& row : result_.rows) {
      const std::string name = format_cell(row[series], result_.columns[series].type);
      const auto [found, is_new] = known.emplace(name, all.size());
      if (is_new) all.push_back({name, {}});
      add(all[found->second], row, y, has_band ? &low : nullptr, has_band ? &high : nullptr);
    }
  }

  const Result& result_;
  std::size_t x_ = 0;
  ColumnType x_type_ = ColumnType::text, y_type_ = ColumnType::number;
  bool is_words_ = false;
};

// From the data to pixels.
struct Scale {
  double low = 0, high = 1, from = 0, to = 1;
  double operator()(double value) const { return from + (value - low) / (high - low) * (to - from); }
};

// A round step of which about `count` fit (Heckbert, "Nice Numbers for Graph Labels", Graphics Gems, 1990).
double round_step(double span, int count) {
  const double rough = span / count, power = std::pow(10, std::floor(std::log10(rough))), part = rough / power;
  return power * (part < 1.5 ? 1 : part < 3.5 ? 2 : part < 7.5 ? 5 : 10);
}

// Steps of time that people count in.
double step_of(double span, int count, ColumnType type) {
  if (type != ColumnType::duration) return round_step(span, count);
  for (const double step : {60.0, 300.0, 900.0, 3600.0, 3.0 * 3600, 6.0 * 3600, 12.0 * 3600, 86400.0, 2.0 * 86400,
                            7.0 * 86400, 14.0 * 86400, kMeanMonth, 3 * kMeanMonth, 6 * kMeanMonth, kMeanYear})
    if (span / step <= count) return step;
  return kMeanYear * round_step(span / kMeanYear, count);
}

std::string tick_text(double value, ColumnType type) {
  if (type == ColumnType::duration) return value == 0 ? "0" : format_duration(value);
  if (type == ColumnType::share) return fmt::format("{:.0f} %", 100 * value);
  if (value == std::floor(value) && std::abs(value) < 1e15) return with_thousands(static_cast<long long>(value));
  return fmt::format("{:g}", value);
}

std::vector<std::pair<double, std::string>> time_ticks(double low, double high, int count) {
  std::vector<std::pair<double, std::string>> ticks;
  const double months = (high - low) / kMeanMonth;
  if (months < 2) {
    const double step = std::max(1.0, std::ceil((high - low) / 86400 / count)) * 86400;
    for (double at = std::ceil(low / 86400) * 86400; at <= high; at += step)
      ticks.emplace_back(at, format_date(static_cast<Timestamp>(at)));
    return ticks;
  }
  int step = 1;
  for (const int each : {1, 2, 3, 6, 12, 24, 60, 120, 240}) {
    step = each;
    if (months / each <= count) break;
  }
  const bool are_years = step % 12 == 0;
  Timestamp at = start_of_year(static_cast<Timestamp>(low));
  if (are_years) at = days_from_civil({date_of(at).year / (step / 12) * (step / 12), 1, 1}) * kDay;
  for (; static_cast<double>(at) <= high; at = add_months(at, step))
    if (static_cast<double>(at) >= low)
      ticks.emplace_back(static_cast<double>(at), are_years ? format_date(at).substr(0, 4) : format_month(at));
  return ticks;
}

class Picture {
 public:
  Picture(const Result& result, const ChartSvgOptions& options) : result_(result), plot_(result), options_(options) {
    options_.width = std::max(options_.width, 240);
    options_.height = std::max(options_.height, 160);
    left_out_ = plot_.all.size();
    if (plot_.all.size() > options_.most_series) {
      const auto last = [](const Series& series) { return series.points.empty() ? 0.0 : series.points.back().y; };
      std::stable_sort(plot_.all.begin(), plot_.all.end(),
                       [&](const Series& a, const Series& b) { return last(a) > last(b); });
      plot_.all.resize(options_.most_series);
    }
    left_out_ -= plot_.all.size();
  }

  std::string draw() {
    if (plot_.all.empty()) return {};
    set_scales();
    std::string body = grid();
    for (std::size_t i = 0; i < plot_.all.size(); ++i) body += series(i);
    body += legend();
    const std::string title = xml_text(result_.title);
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"img\" "
        "aria-labelledby=\"title claim\">\n<title id=\"title\">{2}</title>\n<desc id=\"claim\">{3}</desc>\n"
        "<style>text{{font:12px system-ui,sans-serif;fill:#333}}.grid{{stroke:#ddd}}.paper{{fill:#fff}}"
        "@media(prefers-color-scheme:dark){{text{{fill:#ddd}}.grid{{stroke:#444}}.paper{{fill:#16181c}}}}</style>\n"
        "<rect class=\"paper\" width=\"{0}\" height=\"{1}\"/>\n"
        "<text x=\"8\" y=\"18\" style=\"font-weight:600\">{4}</text>\n{5}</svg>\n",
        options_.width, options_.height, title, xml_text(result_.claim), caption(), body);
  }

 private:
  std::string caption() const {
    std::string text = result_.title;
    if (!result_.chart.y_label.empty()) text += fmt::format(" ({})", result_.chart.y_label);
    if (result_.simulated) text += ", simulated";
    return xml_text(fit_width(one_line(clean_text(text)), static_cast<std::size_t>(options_.width) / 7));
  }

  void set_scales() {
    double x_low = std::numeric_limits<double>::infinity(), x_high = -x_low, y_low = 0, y_high = 0;
    for (const Series& each : plot_.all)
      for (const Point& point : each.points) {
        x_low = std::min(x_low, point.x);
        x_high = std::max(x_high, point.x);
        if (point.is_gap) continue;
        y_low = std::min({y_low, point.y, point.low.value_or(point.y)});
        y_high = std::max(y_high, point.y);
        highest_point_ = std::max(highest_point_, point.y);
        // A bound that is far off must not press the line flat.
        if (point.high) y_high = std::max(y_high, std::min(*point.high, 3 * std::max(point.y, highest_point_)));
      }
    if (!plot_.words.empty()) x_low -= 0.5, x_high += 0.5;
    if (x_high <= x_low) x_low -= 1, x_high += 1;
    if (y_high <= y_low) y_high = y_low + 1;
    y_step_ = step_of(y_high - y_low, 5, plot_.y_type());
    if (plot_.y_type() == ColumnType::integer) y_step_ = std::max(1.0, y_step_);
    y_high = std::ceil(y_high / y_step_) * y_step_;
    y_low = std::floor(y_low / y_step_) * y_step_;
    const auto places = legend_places();
    const double legend_height = places.empty() ? 0 : 4 + kLegendLine * (places.back().line + 1);
    x_ = {x_low, x_high, kLeft, options_.width - 16.0};
    y_ = {y_low, y_high, options_.height - 30.0 - legend_height, 34};
  }

  std::string grid() const {
    std::string text;
    for (double at = y_.low; at <= y_.high + y_step_ / 2; at += y_step_)
      text += fmt::format(
          "<line class=\"grid\" x1=\"{:.1f}\" x2=\"{:.1f}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/><text x=\"{:.1f}\" "
          "y=\"{:.1f}\" text-anchor=\"end\">{}</text>\n",
          x_.from, x_.to, y_(at), y_(at), x_.from - 6, y_(at) + 4, escape_html(tick_text(at, plot_.y_type())));
    const int count = std::max(2, options_.width / 110);
    std::vector<std::pair<double, std::string>> ticks;
    if (!plot_.words.empty()) {
      const std::size_t step =
          (plot_.words.size() + static_cast<std::size_t>(count) - 1) / static_cast<std::size_t>(count);
      for (std::size_t i = 0; i < plot_.words.size(); i += step)
        ticks.emplace_back(static_cast<double>(i), fit_width(one_line(clean_text(plot_.words[i])), 16));
    } else if (plot_.x_type() == ColumnType::date || plot_.x_type() == ColumnType::time) {
      ticks = time_ticks(x_.low, x_.high, count);
    } else {
      double step = step_of(x_.high - x_.low, count, plot_.x_type());
      if (plot_.x_type() == ColumnType::integer) step = std::max(1.0, step);
      for (double at = std::ceil(x_.low / step) * step; at <= x_.high; at += step)
        ticks.emplace_back(at, tick_text(at, plot_.x_type()));
    }
    for (const auto& [at, word] : ticks)
      text += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n", x_(at), y_.from + 18,
                          escape_html(word));
    return text;
  }

  std::string series(std::size_t index) const {
    const Series& drawn = plot_.all[index];
    const char* colour = kColours[index % std::size(kColours)];
    switch (result_.chart.kind) {
      case Chart::Kind::bar:
        return bars(drawn, index, colour);
      case Chart::Kind::dot:
        return dots(drawn, colour);
      default:
        return band(drawn, colour) + line(drawn, colour);
    }
  }

  // The interval, where both of its bounds are known; a gap in them is a gap in the band.
  std::string band(const Series& drawn, const char* colour) const {
    std::string text, above, below;
    const auto flush = [&] {
      if (!above.empty())
        text += fmt::format("<path d=\"M{}L{}Z\" fill=\"{}\" fill-opacity=\"0.15\"/>\n", above.substr(1),
                            below.substr(1), colour);
      above.clear();
      below.clear();
    };
    for (const Point& point : drawn.points) {
      if (point.is_gap || !point.low || !point.high) {
        flush();
        continue;
      }
      above += fmt::format("L{:.1f} {:.1f}", x_(point.x), std::max(y_(*point.high), y_.to));
      below = fmt::format("L{:.1f} {:.1f}", x_(point.x), y_(*point.low)) + below;
    }
    flush();
    return text;
  }

  std::string line(const Series& drawn, const char* colour) const {
    std::string path, alone;
    bool is_down = false;
    double before = 0;
    for (std::size_t i = 0; i < drawn.points.size(); ++i) {
      const Point& point = drawn.points[i];
      if (point.is_gap) {
        is_down = false;
        continue;
      }
      if (is_down && result_.chart.kind == Chart::Kind::step)
        path += fmt::format("L{:.1f} {:.1f}", x_(point.x), before);
      const bool ends = i + 1 == drawn.points.size() || drawn.points[i + 1].is_gap;
      if (!is_down && ends)  // a point without a neighbour is no line
        alone += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.5\" fill=\"{}\"/>\n", x_(point.x), y_(point.y),
                             colour);
      path += fmt::format("{}{:.1f} {:.1f}", is_down ? 'L' : 'M', x_(point.x), y_(point.y));
      before = y_(point.y);
      is_down = true;
    }
    return fmt::format("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.8\"/>\n{}", path, colour, alone);
  }

  std::string bars(const Series& drawn, std::size_t index, const char* colour) const {
    double nearest = x_.high - x_.low;
    for (std::size_t i = 1; i < drawn.points.size(); ++i)
      if (const double gap = std::abs(drawn.points[i].x - drawn.points[i - 1].x); gap > 0)
        nearest = std::min(nearest, gap);
    const double room = std::clamp((x_(x_.low + nearest) - x_.from) * 0.8, 1.0, 60.0);
    const double width = std::max(0.8, room / static_cast<double>(plot_.all.size()));
    std::string text;
    for (const Point& point : drawn.points) {
      if (point.is_gap) continue;
      const double from = y_(std::max(0.0, y_.low)), to = y_(point.y);
      text += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"{}\"/>\n",
                          x_(point.x) - room / 2 + width * static_cast<double>(index), std::min(from, to), width,
                          std::abs(from - to), colour);
    }
    return text;
  }

  std::string dots(const Series& drawn, const char* colour) const {
    std::string text;
    for (const Point& point : drawn.points)
      if (!point.is_gap)
        text += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" fill=\"{}\" fill-opacity=\"0.7\"/>\n",
                            x_(point.x), y_(point.y), colour);
    return text;
  }

  // Where each name of the legend stands: its line, from 0, and its place in it. The last one is the remark.
  struct LegendPlace {
    int line = 0;
    double x = 0;
    std::string words;
  };
  std::vector<LegendPlace> legend_places() const {
    std::vector<LegendPlace> places;
    if (plot_.all.size() < 2 && left_out_ == 0) return places;
    std::vector<std::string> all;
    for (const Series& each : plot_.all) all.push_back(fit_width(one_line(clean_text(each.name)), kLongestName));
    if (left_out_) all.push_back(fmt::format("and {} more", left_out_));
    LegendPlace next{0, kLeft, {}};
    for (std::string& words : all) {
      const double width = 30 + 7.0 * static_cast<double>(display_width(words));
      if (next.x > kLeft && next.x + width > options_.width) next = {next.line + 1, kLeft, {}};
      places.push_back({next.line, next.x, std::move(words)});
      next.x += width;
    }
    return places;
  }

  std::string legend() const {
    std::string text;
    const auto places = legend_places();
    for (std::size_t i = 0; i < places.size(); ++i) {
      const double y = options_.height - 8.0 - kLegendLine * (places.back().line - places[i].line);
      if (i < plot_.all.size())
        text += fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"10\" height=\"10\" fill=\"{}\"/>", places[i].x,
                            y - 9, kColours[i % std::size(kColours)]);
      text += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", places[i].x + (i < plot_.all.size() ? 14 : 0),
                          y, escape_html(places[i].words));
    }
    return text;
  }

  const Result& result_;
  Plot plot_;
  ChartSvgOptions options_;
  std::size_t left_out_ = 0;
  Scale x_, y_;
  double y_step_ = 1, highest_point_ = 0;
};

}  // namespace

std::string chart_svg(const Result& result, const ChartSvgOptions& options) {
  if (result.chart.kind == Chart::Kind::none || result.rows.empty()) return {};
  return Picture(result, options).draw();
}

}  // namespace resident
