/* cpp - the same headers in C++: spans end with their block and on exceptions, values are typed by overloading, counters can
   live in functions. C++17 here; README says what C++11 has instead.

     c++ -std=c++17 -I. -Iports examples/cpp.cpp -lpthread -o cpp && ./cpp */
#include "otel_posix.h"
#include <stdexcept>
#include <string>
#include <vector>

static otel_counter_t orders = OTEL_COUNTER("shop.orders", .unit = "{order}", OTEL_SERIES(4));

static int price(const std::string &article)
{
    OTEL_SPAN_HERE(span, "look up price");
    otel_span_set(span, "article", article.c_str());
    if (article == "unicorn") throw std::out_of_range("no such article");
    return static_cast<int>(article.size()) * 10;
}

static int order(const std::vector<std::string> &articles)
{
    int sum = 0;
    OTEL_SPAN_HERE(span, "order", .kind = OTEL_INTERNAL);
    otel_span_set(span, "articles", articles.size(), "express", true);
    try {
        for (const auto &article : articles) sum += price(article);
    } catch (const std::exception &e) {
        otel_counter_add(&orders, 1, "result", "refused");
        return otel_span_error(span, -1, e.what());
    }
    otel_counter_add(&orders, 1, "result", "taken");
    otel_log(OTEL_INFO, "order taken", "sum", sum);
    return sum;
}

int main()
{
    otel_posix_start(.service = "cpp");
    return order({ "apple", "pear" }) == 90 && order({ "apple", "unicorn" }) == -1 ? 0 : 1;
}
