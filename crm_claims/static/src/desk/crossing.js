import { Composer } from "@mail/core/common/composer";
import { _t } from "@web/core/l10n/translation";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { patch } from "@web/core/utils/patch";

const CASES = ["service.claim", "service.ticket"];

/** An answer below a claim or ticket asks first if somebody else wrote in the meantime. */
patch(Composer.prototype, {
    async sendMessage() {
        const crossing = await this.findServiceCrossing();
        if (!crossing.length) {
            return super.sendMessage(...arguments);
        }
        this.env.services.dialog.add(ConfirmationDialog, {
            title: _t("Somebody else wrote in the meantime"),
            body: crossing.map(({ author, text }) => `${author}: ${text}`).join("\n"),
            confirmLabel: _t("Send Anyway"),
            confirm: () => super.sendMessage(...arguments),
            cancelLabel: _t("Read First"),
            cancel: () => this.thread.fetchNewMessages(),
        });
    },

    async findServiceCrossing() {
        const thread = this.props.composer.thread;
        if (!CASES.includes(thread?.model) || !thread.id || this.props.type === "note") {
            return [];
        }
        const seen = thread.newestPersistentMessage?.id ?? 0;
        return this.env.services.orm.call(thread.model, "action_find_crossing", [
            [thread.id],
            seen,
        ]);
    },
});
