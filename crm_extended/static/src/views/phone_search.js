import { patch } from "@web/core/utils/patch";
import { SearchModel } from "@web/search/search_model";

/**
 * A phone shows one column of a board at a time. An action names in its context, as
 * `phone_search_defaults`, the filters that are on at first there, and nowhere else: what they find
 * is shown in one column.
 */
patch(SearchModel.prototype, {
    /** @override */
    async load(config) {
        const filters = this.env.isSmall && config.context?.phone_search_defaults;
        if (!filters) {
            return super.load(config);
        }
        const defaults = Object.fromEntries(filters.map((name) => [`search_default_${name}`, 1]));
        const context = { ...config.context, ...defaults };
        return super.load({ ...config, context, defaultGroupBy: undefined });
    },
});
